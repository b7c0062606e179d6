"""Names for the demonstration's invented people, about as common as in the United States.

A name is `_STEP` times as common as one on the line after it.
"""

from __future__ import annotations

from itertools import accumulate

_STEP = 1.7


def _names_and_weights(lines: str) -> tuple[list[str], list[float]]:
    """The names, and their cumulative weights for `random.choices`."""
    names: list[str] = []
    weights: list[float] = []
    for place, line in enumerate(lines.strip().splitlines()):
        found = [name.strip() for name in line.split(",")]
        names += found
        weights += [_STEP**-place] * len(found)
    return names, list(accumulate(weights))


MEN = _names_and_weights("""
    James, Michael, Robert, John, David, William, Christopher, Daniel, Anthony, Joshua
    Joseph, Matthew, Andrew, Kevin, Brian, Jason, Justin, Brandon, Ryan, Eric, José, Luis, Juan, Carlos, Marcus
    Jacob, Tyler, Aaron, Timothy, Steven, Thomas, Richard, Charles, Jeremy, Sean, Kyle, Travis, Cody, Dustin, Antonio, \
Jesús, Miguel, Jorge, Francisco, Ángel, Terrence, Darnell, DeShawn, Jamal, Tyrone
    Nathan, Adam, Zachary, Patrick, Shawn, Shaun, Derek, Jesse, Corey, Chad, Gregory, Raymond, Curtis, Wesley, Alejandro, \
Ramón, Javier, Raúl, Héctor, Tomás, Andrés, Reginald, Lamar, Maurice, Malik, Marquis, Jerome, Andre, Vincent, Phillip
    Elijah, Isaiah, Caleb, Ethan, Noah, Gabriel, Samuel, Benjamin, Dominic, Mario, Ricardo, Fernando, Eduardo, Óscar, \
Rubén, Joaquín, Keoni, Kekoa, Minh, Tuan, Hung, Pao, Tou, Abdi, Mohamed, Omar, Yusuf, D'Andre, Ja'Quan, Jean-Paul, \
Billy Ray, John Paul, Earl, Clyde, Leroy, Otis, Wendell, Floyd, Ivan, Dmitri, Sione, Tavita
""")

WOMEN = _names_and_weights("""
    Jennifer, Jessica, Amanda, Ashley, Sarah, Stephanie, Melissa, Nicole, Elizabeth, Heather
    Michelle, Amber, Tiffany, Crystal, Brittany, Kimberly, Rachel, Megan, Christina, Amy, María, Angela, Tamika, Latoya
    Danielle, Samantha, Kelly, Erica, Lauren, Rebecca, Vanessa, Veronica, Ana, Guadalupe, Rosa, Yolanda, Keisha, Ebony
    Misty, Tonya, Dawn, Tammy, Tasha, Brandi, Destiny, Alicia, Mónica, Verónica, Luz, Esperanza, Shanice, Monique
    Mary Ann, Jo Beth, Ka'iulani, Leilani, Linh, Mai, Fatima, Amina, Anne-Marie, La'Tasha, Renée, Zoë, Siobhán, Noémie
""")

SURNAMES = _names_and_weights("""
    Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez, Martinez
    Hernandez, Lopez, Gonzalez, Wilson, Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Perez, Thompson, White
    Harris, Sanchez, Clark, Ramirez, Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott, Torres, Nguyen, Hill, \
Flores, Green, Adams, Nelson, Baker, Hall, Rivera, Campbell, Mitchell, Carter, Roberts
    Gomez, Phillips, Evans, Turner, Diaz, Parker, Cruz, Edwards, Collins, Reyes, Stewart, Morris, Morales, Murphy, Cook, \
Rogers, Gutierrez, Ortiz, Morgan, Cooper, Peterson, Bailey, Reed, Kelly, Howard, Ramos, Kim, Cox, Ward, Richardson, \
Watson, Brooks, Chavez, Wood, James, Bennett, Gray, Mendoza, Ruiz, Hughes, Price, Alvarez, Castillo, Sanders, Patel
    Delgado, Vargas, Guerrero, Salazar, Aguilar, Fuentes, Núñez, Muñoz, Peña, Ibáñez, Zúñiga, Washington, Jefferson, \
Booker, Banks, Freeman, Gaines, Tran, Pham, Vang, Xiong, Yang, Begay, Yazzie, Tsosie, Whitehorse, Kealoha, Kahananui, \
Tuiasosopo, Abdullahi, Hassan, Ahmed, Kowalski, Petrov, Schmidt, Schneider, Olsen, Lindgren, Larsen, Boudreaux, \
Thibodeaux, Landry, Guidry, Bianchi, Russo, McCoy, McDonald, MacLeod, McCarthy, Fitzgerald, Sullivan, Gallagher
    O'Neal, O'Brien, O'Connor, O'Keefe, O'Malley, D'Angelo, D'Amico, Dell'Orto, N'Diaye, De La Cruz, De León, \
De la Torre, Del Río, Van Buren, Van der Berg, St. John, Saint-Pierre, Le Blanc, La Rue, Kamaka'ole, Zabala, \
Wojciechowski, Przybylski, Featherstone, Blackwood, Two Bulls, Good Iron, Red Elk
""")

SPANISH = _names_and_weights("""
    Garcia, Rodriguez, Martinez, Hernandez, Lopez, Gonzalez, Perez, Sanchez, Ramirez, Torres
    Flores, Rivera, Gomez, Diaz, Cruz, Reyes, Morales, Gutierrez, Ortiz, Ramos, Ruiz, Chavez, Mendoza, Alvarez, Castillo
    Vásquez, Jiménez, Romero, Herrera, Medina, Aguilar, Vargas, Guzmán, Méndez, Salazar, Soto, Núñez, Peña, Ríos
    Contreras, Luna, Estrada, Sandoval, Domínguez, Acosta, Cárdenas, Maldonado, Valdez, Espinoza, Trujillo, Ibarra
""")
