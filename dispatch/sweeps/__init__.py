"""What an area sweep covers, and what is said of it; the acts are `dispatch.sweep_desk`'s."""
