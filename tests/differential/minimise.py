"""The smallest world and question that still differ in the same way.

shrink() is a coroutine: it yields a list of candidates, worlds with one query, and is sent which of them still differ.
So many differences are made small at once, each round of all of them on one start of the servers.
"""
import functools

from world import WORLD, Query, World, Zone, fits


def with_zones(world, zones, query=None):
    return World(world.seed, [zone for zone in zones if zone.records], [query or world.queries[0]])


def without(gone, world):
    """`gone`: {(index of zone, index of record)}"""
    return with_zones(world, [Zone(zone.origin, [r for n, r in enumerate(zone.records) if (z, n) not in gone])
                              for z, zone in enumerate(world.zones)])


def positions(world):
    return [(z, n) for z, zone in enumerate(world.zones) for n in range(len(zone.records))]


# ---- changes: functions of a world that give a simpler one, or None where there is none

def without_zone(origin, world):
    rest = [zone for zone in world.zones if zone.origin != origin]
    return with_zones(world, rest) if rest else None


def relabelled(label, becomes, world):
    """Every label like this one as another, or left out."""
    def new(name):
        return tuple(becomes if one == label else one for one in name if one != label or becomes is not None)

    zones = [Zone(new(zone.origin), [r._replace(owner=new(r.owner),
                                                rdata=[new(w) if isinstance(w, tuple) else w for w in r.rdata])
                                     for r in zone.records]) for zone in world.zones]
    query = world.queries[0]._replace(name=new(world.queries[0].name))
    if len({zone.origin for zone in zones}) < len(zones) or not all(zone.origin for zone in zones) or not fits(query.name):
        return None
    return with_zones(world, zones, query)


def shorter_question(world):
    query = world.queries[0]
    return with_zones(world, world.zones, query._replace(name=query.name[1:])) if len(query.name) > 1 else None


def lowercased_question(world):
    query = world.queries[0]
    name = tuple(label if "\\" in label or label == WORLD else label.lower() for label in query.name)
    return with_zones(world, world.zones, query._replace(name=name)) if name != query.name else None


def plainer(fields, world):
    """The question with these fields as they are by default."""
    query = world.queries[0]
    plain = query._replace(**{field: Query._field_defaults[field] for field in fields})
    return with_zones(world, world.zones, plain) if plain != query else None


def changes_of(world):
    yield from (functools.partial(plainer, fields) for fields in (("rd", "cd", "ad"), ("do",), ("payload", "do")))
    yield lowercased_question
    yield shorter_question
    yield from (functools.partial(without_zone, zone.origin) for zone in world.zones)
    names = [world.queries[0].name] + [name for zone in world.zones for record in zone.records
                                       for name in (record.owner, *(w for w in record.rdata if isinstance(w, tuple)))]
    for label in sorted({label for name in names for label in name if label != WORLD}):
        yield functools.partial(relabelled, label, None)
        if len(label) > 4 or label != label.lower():
            yield functools.partial(relabelled, label, "e")


def apply(changes, world):
    for change in changes:
        world = change(world) or world
    return world


def fewer_records(world, chunk):
    """Takes out records, `chunk` at a time and then fewer."""
    while True:
        places = positions(world)
        gone = [set(places[i:i + chunk]) for i in range(0, len(places), chunk)]
        still = yield [without(one, world) for one in gone]
        good = [one for one, differs in zip(gone, still) if differs]
        if good:
            tried = [without(set().union(*good[:count]), world) for count in (len(good), (len(good) + 1) // 2)]
            both = yield tried
            world = tried[0] if both[0] else tried[1] if both[1] else without(good[0], world)
        elif chunk == 1:
            return world
        chunk = min(chunk if good else chunk // 2, max(1, len(positions(world)) // 2))


def shrink(world):
    """Precondition: the world's one query differs."""
    world = yield from fewer_records(world, max(1, len(positions(world)) // 4))
    for _ in range(6):
        made = [(change, one) for change in changes_of(world) if (one := change(world))]
        still = yield [one for _, one in made]
        good = [change for (change, _), differs in zip(made, still) if differs]
        if not good:
            break
        tried = [apply(good, world), apply(good[:len(good) // 2 + 1], world), good[0](world)]
        both = yield tried
        world = tried[0] if both[0] else tried[1] if both[1] else tried[2]
        world = yield from fewer_records(world, 1)
    return world
