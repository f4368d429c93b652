"""What residents write in a storm, and the band a duty officer would give it, in the catch-all category."""

from __future__ import annotations

import pytest

from tests.dispatch.triage.reports import say

ENGLISH = """
P1 | We are trapped in our house, water everywhere
P1 | Family of 4 stuck on roof please hurry
P1 | we are in the attic
P1 | People on the roof at the corner
P1 | cant get out of the house door is jammed by the tree
P1 | Need rescue, water up to my waist
P1 | PLEASE RESCUE US
P1 | my husband is pinned under the tree
P1 | stuck in elevator on the 5th floor
P1 | Elevator stuck with people inside, no power
P1 | Stranded in car, water coming over the hood
P1 | No, I am trapped
P1 | no power trapped in elevator
P1 | Nobody is coming and we are trapped!
P1 | water rising in our house we have kids
P1 | Water is rising, my family is inside
P1 | man swept away by the water
P1 | house collapsed
P1 | The roof caved in over the bedroom
P1 | ceiling fell on us
P1 | House on fire next door
P1 | I see flames behind the garage
P1 | smoke coming from the meter box
P1 | the fire is out of control
P1 | strong smell of gas on the whole block
P1 | I smell gas near the gas station
P1 | Gas leak!! can hear it hissing
P1 | smells like propane in the hallway
P1 | CO alarm going off and we have headaches
P1 | neighbors are running a generator in the garage
P1 | this is not a test, the pole is sparking
P1 | transformer is sparking again
P1 | wires arcing in the tree
P1 | Line down on top of my car
P1 | power line fell across a car with driver in it
P1 | power line in the water, kids playing
P1 | live wire down in flooded street
P1 | my mother's oxygen runs out at four
P1 | Dad's ventilator battery is almost dead, power out
P1 | insulin is getting warm, no electricity since yesterday
P1 | I can’t breathe
P1 | neighbor is unconscious
P1 | Ambulance can't get through because of the tree
P1 | Tree blocks the only way out, my wife needs dialysis
P1 | Mom is 82, lives alone, haven't heard from her since last night
P1 | missing child last seen near the canal
P1 | our toddler is missing
P1 | car stuck in flood water with people inside
P1 | tree fell on the house, kids inside
P1 | were traped in the atic
P1 | nobody hurt but the pole is sparking
P1 | Roof is coming off, we are in the bathroom
P2 | wire down in yard
P2 | Power lines down across the alley
P2 | cable hanging low over the sidewalk
P2 | tree leaning on power lines
P2 | tree on roof
P2 | Big oak fell on our house, nobody hurt
P2 | oak blocks the fire station
P2 | tree blocking the road
P2 | Tree in street, no wires involved
P2 | both lanes blocked by a fallen limb
P2 | Street is impassable
P2 | traffic light out at 22nd Ave S and 34th St S
P2 | Signal dark at the intersection
P2 | flashing red at 4th St
P2 | street flooded, cars stalled in the water
P2 | water over the road near the underpass
P2 | three inches of water in my living room
P2 | raw sewage coming out of manhole
P2 | bump in road, hole is swallowing a car
P2 | sinkhole opening on 54th Ave S
P2 | manhole cover missing in the middle of the road
P2 | pole about to fall on the sidewalk
P2 | The only road out is blocked
P2 | husband uses oxygen, we are fine for now
P2 | please check on my elderly neighbor
P2 | can't reach my father since the storm
P2 | looters breaking into the store
P2 | my neighbor was hurt, he is bleeding
P2 | water is rising fast on our street
P2 | diesel spilled from a boat into the canal
P3 | roof leaking
P3 | fire hydrant leaking
P3 | dog trapped in fence
P3 | cat stuck in a tree
P3 | missing trash bin
P3 | nobody trapped
P3 | no one is hurt
P3 | not sparking
P3 | no smoke or fire, just a broken fence
P3 | there is no gas smell
P3 | no one is trapped and nobody is hurt
P3 | We are not trapped
P3 | smoke from a barbecue
P3 | neighbor is smoking meat on the grill
P3 | smoke detector battery request
P3 | fire department was already here
P3 | fire ants in the park
P3 | The fire is out.
P3 | tree in yard
P3 | branches at the curb
P3 | street light out
P3 | the tree lined street needs sweeping
P3 | out of gas at the gas station
P3 | spark plug recycling
P3 | water main bill question
P3 | stop sign down
P3 | when will my trash be picked up
P3 | last year we were trapped by water for two days
P3 | fence collapsed
P3 | shingles fell off the shed
P3 | thank you for fixing the road
P3 | power out on the whole block
P3 | my car is parked across the street
P3 | gate missing from playground
P1 | the water is coming in and we cant get out with grandma
P1 | help us we are on top of the car in the water
P1 | my kids and I are stuck upstairs water is at the stairs
P1 | PLEASE HELP my dad is on a ventilator and the generator died
P1 | smells strongly of gas by the meter since the tree fell
P1 | Electric line on fire behind house
P1 | sparks flying from the transformer
P1 | there's a wire in the pool
P1 | live wire laying in a puddle at the bus stop
P1 | Wires on top of a school bus
P1 | someone is screaming from inside the collapsed garage apartment
P1 | neighbor trapped under tree
P1 | Carbon monoxide detector keeps beeping and everyone feels dizzy
P1 | elderly man in wheelchair can't evacuate, water rising
P1 | we r trapped plz help
P1 | heart attack ambulance needed tree across the road
P1 | tree blocking driveway ambulance cannot get to my mother
P1 | smoke and flames coming from the attic
P1 | house is burning
P1 | They are stranded on the roof of the church
P1 | baby not breathing
P1 | 3 year old alone no answer at the door
P1 | My daughter is missing
P1 | explosion and fire at the substation
P1 | power pole burning
P1 | gas line broke
P1 | I can hear hissing and smell gas
P1 | people stuck in the elevator at 400 Beach Dr
P1 | wire fell on a man
P1 | my house is flooding and the water is rising, I am disabled
P1 | building is collapsing
P1 | I need to be rescued
P1 | diabetic no power insulin going bad
P1 | my oxygen concentrator needs electricity
P2 | oak on power line
P2 | no traffic signals at 38th ave n
P2 | water in my garage and coming into house
P2 | sign hanging over the road by a thread
P2 | dead body in the canal
P2 | huge sinkhole
P2 | shots fired near the shelter
P2 | trees blocking both exits of the neighborhood
P2 | only way in and out is blocked
P2 | my neighbor fell and can't get up, she is 90 and lives alone
P3 | help with sandbags question
P3 | looking for my trash can
P3 | fire station needs painting
P3 | is there gas at the shell station
P3 | smoke alarm battery program
P3 | someone stole my generator from garage
P3 | dead fish smell at the seawall
P3 | dead palm tree in yard
P3 | water bill is rising
P3 | my fence is down
P3 | raccoon trapped in attic
P3 | leak in the attic
P3 | kids playing in the street
P3 | the bus is always late
P3 | squirrel on the power line
P3 | cable tv is out
P3 | the cable guy never came
P3 | the wall needs paint
P3 | gas prices too high
P3 | burning smell from barbecue restaurant
P3 | I can help my neighbors with a chainsaw
P3 | child car seat recycling
P3 | is the water safe to drink
P3 | when will power come back
P3 | roof tiles missing
P3 | leaves in the storm drain
P3 | tree limbs piled at the curb since Irma
P3 | the house on the corner is vacant
P3 | we have no internet
P3 | missing stop sign
P3 | no one trapped inside
P3 | nobody is missing
P3 | water not rising anymore
P3 | there was a fire last year
P3 | false alarm, there is no gas leak
"""

SPANISH = """
P1 | Estamos atrapados en el ático
P1 | Mi familia está en el techo, el agua sigue subiendo
P1 | no podemos salir de la casa
P1 | Necesitamos rescate, agua hasta la cintura
P1 | Huele a gas en toda la cuadra
P1 | Hay un incendio en el edificio
P1 | Sale humo del transformador
P1 | El poste está echando chispas
P1 | Cable sobre mi carro
P1 | cable de luz en el agua
P1 | Mi mamá usa oxígeno y se fue la luz
P1 | el oxigeno se acaba a las cuatro
P1 | No puedo respirar
P1 | Se derrumbó la casa de al lado
P1 | mi abuela vive sola y no contesta el teléfono
P1 | Árbol bloquea la única salida y mi esposa necesita diálisis
P1 | niño perdido cerca del canal
P1 | generador dentro del garaje, tenemos dolor de cabeza
P2 | Cable caído en la calle
P2 | Árbol bloquea la calle
P2 | Árbol sobre el techo
P2 | Semáforo apagado en la 22 Ave S
P2 | calle inundada, no se puede pasar
P2 | agua dentro de mi casa
P2 | mi esposo usa oxígeno
P3 | Nadie está atrapado
P3 | no huele a gas
P3 | humo de una barbacoa
P3 | el perro está atrapado en la cerca
P3 | el hidrante de incendios tiene fuga
P3 | falta mi bote de basura
P3 | no hay luz en mi casa
P3 | ¿Dónde puedo recoger hielo?
"""


def table(text: str) -> list[tuple[str, str]]:
    rows = [line.split(" | ", 1) for line in text.strip().splitlines()]
    return [(words, band) for band, words in rows]


@pytest.mark.parametrize(("words", "band"), table(ENGLISH))
def test_s2_english_words_get_the_band_a_duty_officer_would_give(words, band, rules):
    assessment = say(words, rules)
    assert assessment.band.name == band, [reason.text for reason in assessment.reasons]


@pytest.mark.parametrize(("words", "band"), table(SPANISH))
def test_s2_spanish_words_get_the_band_a_duty_officer_would_give(words, band, rules):
    assessment = say(words, rules)
    assert assessment.band.name == band, [reason.text for reason in assessment.reasons]


@pytest.mark.parametrize(("words", "band"), table(ENGLISH + SPANISH.lstrip()))
def test_shouting_changes_nothing(words, band, rules):
    assert say(words.upper(), rules).band is say(words.lower(), rules).band


@pytest.mark.parametrize("words", ["CAN'T GET OUT", "can’t  get out", "cant get out", "CAN´T GET OUT"])
def test_one_phrase_is_found_however_it_is_typed(words, rules):
    assert "trapped" in say(words, rules).cues
