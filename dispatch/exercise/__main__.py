"""`python -m dispatch.exercise`: the exercise's server by itself."""

from dispatch.exercise.command import exercise

if __name__ == "__main__":
    exercise(prog_name="python -m dispatch.exercise")
