#!/usr/bin/python3 -I
"""Makes a list of everyday words, one on each line."""

import random
from collections.abc import Iterator

from stepkit import choice, setting, whole_number
from stepkit.tables import text_output

WORDS = {
    "animals": """
        badger bear beaver bee bison butterfly camel cat chamois cheetah cow crane cricket crow deer
        dolphin donkey dove dragonfly duck eagle elephant falcon ferret finch fox frog gazelle gecko
        giraffe goat goose hamster hare hawk hedgehog heron horse ibex jackdaw jaguar kestrel
        kingfisher koala ladybird lark lemur leopard lion lizard llama lynx magpie mole moose mouse
        newt nightingale octopus otter owl panda parrot pelican penguin pigeon pony puffin rabbit
        raccoon raven robin salmon seal sheep sparrow spider squirrel starling stork swallow swan
        tiger toad tortoise trout turtle walrus weasel whale wolf woodpecker wren zebra
    """,
    "foods": """
        almond apple apricot artichoke asparagus avocado banana barley basil bean beetroot
        blackberry blueberry bread broccoli butter cabbage carrot cashew celery cheese cherry
        chestnut chickpea cinnamon coconut corn cucumber date dumpling fennel fig garlic ginger
        grape hazelnut honey kale leek lemon lentil lettuce lime mango melon millet mint mushroom
        noodle nutmeg oat olive onion orange oregano papaya parsley parsnip pasta peach peanut pear
        pepper pineapple pistachio plum pomegranate potato pumpkin quince radish raisin raspberry
        rhubarb rice rosemary rye saffron sage spinach squash strawberry thyme tofu tomato turnip
        vanilla walnut watermelon yogurt
    """,
    "colours": """
        amber apricot aqua azure beige black blue bronze brown burgundy cherry cobalt copper coral
        cream crimson cyan ebony emerald gold green grey indigo ivory jade lavender lemon lilac lime
        magenta maroon mint navy ochre olive orange peach pink plum purple red rose ruby rust
        saffron salmon sand sapphire scarlet sepia silver tan teal turquoise umber violet white
        yellow
    """,
    "places": """
        Accra Amsterdam Athens Auckland Baku Bamako Bangkok Beirut Bergen Berlin Bogota Bologna
        Boston Brisbane Bruges Brussels Cairo Calgary Cardiff Chicago Cologne Cork Dakar Delhi
        Dublin Durban Geneva Genoa Ghent Glasgow Graz Hamburg Hanoi Harare Havana Helsinki Istanbul
        Jakarta Kyoto Lagos Leeds Leipzig Lima Lisbon Ljubljana London Lusaka Lyon Madrid Manila
        Melbourne Milan Montreal Mumbai Munich Nairobi Naples Nice Osaka Oslo Ottawa Palermo Paris
        Perth Porto Prague Quito Rabat Riga Rome Rotterdam Santiago Seattle Seoul Seville Sofia
        Sydney Tallinn Tokyo Toronto Turin Utrecht Valencia Vienna Vilnius Warsaw Zagreb Zurich
    """,
}


def words(names: list[str], count: int, chance: random.Random) -> Iterator[str]:
    """Every name once before any comes again."""
    while count > 0:
        batch = chance.sample(names, min(count, len(names)))
        count -= len(batch)
        yield from batch


def main() -> None:
    names = WORDS[choice("list", *WORDS)].split()
    count = whole_number("count", 10, 1, 1_000_000)
    seed = setting("seed")
    chance = random.Random(seed or None)  # noqa: S311 - words to play with, not secrets
    out = text_output()
    out.writelines(f"{word}\n" for word in words(names, count, chance))
    out.flush()


if __name__ == "__main__":
    main()
