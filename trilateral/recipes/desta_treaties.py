"""Trade agreements and their members (DESTA)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "DESTA_MEM.csv"
WIDTH = 91  # columns of members
READ = ["number", "base_treaty", "name", "entry_type", "consolidated", "year", "entryforceyear", "typememb", "regioncon"]
TYPE = {
    "base_treaty": "agreement", "negotiation": "negotiation", "accession": "accession", "withdrawal": "withdrawal",
    "protocol or amendment": "amendment", "consolidated": "consolidated",
}  # fmt: skip
FORM = {"1": "bilateral", "2": "plurilateral", "3": "bloc-country", "4": "bloc-bloc"}
LEAVING = "1"  # mark of the member that leaves, in the entry of a withdrawal
INDO_PACIFIC = ("AUS", "BRN", "CAN", "CHL", "CHN", "IDN", "IND", "JPN", "KHM", "KOR", "LAO", "MEX", "MMR", "MNG", "MYS", "NZL",
                "PER", "PHL", "PRK", "RUS", "SGP", "THA", "TWN", "USA", "VNM")
# fmt: off
ISO3_OF_NUMBER = {
    4: "AFG", 8: "ALB", 12: "DZA", 20: "AND", 24: "AGO", 28: "ATG", 31: "AZE", 32: "ARG", 36: "AUS", 40: "AUT", 44: "BHS",
    48: "BHR", 50: "BGD", 51: "ARM", 52: "BRB", 56: "BEL", 64: "BTN", 68: "BOL", 70: "BIH", 72: "BWA", 76: "BRA", 84: "BLZ",
    86: "IOT", 90: "SLB", 92: "VGB", 96: "BRN", 100: "BGR", 104: "MMR", 108: "BDI", 112: "BLR", 116: "KHM", 120: "CMR",
    124: "CAN", 132: "CPV", 136: "CYM", 140: "CAF", 144: "LKA", 148: "TCD", 152: "CHL", 156: "CHN", 158: "TWN", 170: "COL",
    174: "COM", 175: "MYT", 178: "COG", 180: "COD", 184: "COK", 188: "CRI", 191: "HRV", 192: "CUB", 196: "CYP", 203: "CZE",
    204: "BEN", 208: "DNK", 212: "DMA", 214: "DOM", 218: "ECU", 222: "SLV", 226: "GNQ", 231: "ETH", 232: "ERI", 233: "EST",
    234: "FRO", 238: "FLK", 239: "SGS", 242: "FJI", 246: "FIN", 250: "FRA", 258: "PYF", 260: "ATF", 262: "DJI", 266: "GAB",
    268: "GEO", 270: "GMB", 275: "PSE", 276: "DEU", 288: "GHA", 296: "KIR", 300: "GRC", 304: "GRL", 308: "GRD", 320: "GTM",
    324: "GIN", 328: "GUY", 332: "HTI", 340: "HND", 344: "HKG", 348: "HUN", 352: "ISL", 356: "IND", 360: "IDN", 364: "IRN",
    368: "IRQ", 372: "IRL", 376: "ISR", 380: "ITA", 384: "CIV", 388: "JAM", 392: "JPN", 398: "KAZ", 400: "JOR", 404: "KEN",
    408: "PRK", 410: "KOR", 414: "KWT", 417: "KGZ", 418: "LAO", 422: "LBN", 426: "LSO", 428: "LVA", 430: "LBR", 434: "LBY",
    438: "LIE", 440: "LTU", 442: "LUX", 446: "MAC", 450: "MDG", 454: "MWI", 458: "MYS", 462: "MDV", 466: "MLI", 470: "MLT",
    478: "MRT", 480: "MUS", 484: "MEX", 492: "MCO", 496: "MNG", 498: "MDA", 499: "MNE", 500: "MSR", 504: "MAR", 508: "MOZ",
    512: "OMN", 516: "NAM", 520: "NRU", 524: "NPL", 528: "NLD", 540: "NCL", 548: "VUT", 554: "NZL", 558: "NIC", 562: "NER",
    566: "NGA", 570: "NIU", 578: "NOR", 583: "FSM", 584: "MHL", 585: "PLW", 586: "PAK", 591: "PAN", 598: "PNG", 600: "PRY",
    604: "PER", 608: "PHL", 612: "PCN", 616: "POL", 620: "PRT", 624: "GNB", 626: "TLS", 634: "QAT", 642: "ROU", 643: "RUS",
    646: "RWA", 654: "SHN", 659: "KNA", 660: "AIA", 662: "LCA", 666: "SPM", 670: "VCT", 674: "SMR", 678: "STP", 682: "SAU",
    686: "SEN", 688: "SRB", 690: "SYC", 694: "SLE", 702: "SGP", 703: "SVK", 704: "VNM", 705: "SVN", 706: "SOM", 710: "ZAF",
    716: "ZWE", 724: "ESP", 728: "SSD", 729: "SDN", 732: "ESH", 740: "SUR", 748: "SWZ", 752: "SWE", 756: "CHE", 760: "SYR",
    762: "TJK", 764: "THA", 768: "TGO", 776: "TON", 780: "TTO", 784: "ARE", 788: "TUN", 792: "TUR", 795: "TKM", 796: "TCA",
    798: "TUV", 800: "UGA", 804: "UKR", 807: "MKD", 818: "EGY", 826: "GBR", 834: "TZA", 840: "USA", 854: "BFA", 858: "URY",
    860: "UZB", 862: "VEN", 876: "WLF", 882: "WSM", 887: "YEM", 894: "ZMB",
    248: "ISL",  # the source has Aland (248) for Iceland (352) in two lists of EFTA
    530: "ANT", 533: "ABW", 900: "XKX",
}
# fmt: on
NO_BASE = {"193", "465", "672", "693"}  # accessions to or withdrawals from agreements that the file itself does not list


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an agreement or negotiation with an Indo-Pacific member, and one row each of its members.

    An accession adds members to the agreement it belongs to; amendments and consolidated texts add nothing.
    """
    raw = _read(files)
    kind = mapped(raw["entry_type"], TYPE, FILE)
    root = raw["number"].str.extract(r"^(\d+)")[0]
    base = raw[kind.isin(["agreement", "negotiation"]) & (raw["number"] == root)]
    members = pd.concat(
        _members(row, kind[at], joined=row["year"]) for at, row in base.iterrows()
    ).reset_index(drop=True)
    scope = set(members.loc[members["iso3"].isin(INDO_PACIFIC), "agreement"])
    lost = sorted(set(INDO_PACIFIC) - set(members["iso3"]))
    if lost:
        raise UpstreamError(f"{FILE}: no agreement has the member {', '.join(lost)}. Check the codes of the columns c1 to c91.")
    members = members[members["agreement"].isin(scope)]
    for at, row in raw[kind.isin(["accession", "withdrawal"])].sort_values("year", kind="stable").iterrows():
        if root[at] in scope:
            members = _changed(members, row, kind[at], root[at])
        elif root[at] not in set(base["number"]) | NO_BASE:
            raise UpstreamError(f"{FILE}, entry {row['number']} ({row['name']}): its agreement {root[at]} is not listed.")
    kept = base[base["number"].isin(scope)]
    agreements = pd.DataFrame(
        {
            "agreement": integers(kept["number"]),
            "name": kept["name"].str.strip(),
            "status": kind[kept.index],
            "form": mapped(kept["typememb"], FORM, FILE),
            "signed_year": integers(kept["year"]),
            "in_force_year": integers(kept["entryforceyear"]),
            "founders": integers(kept["number"].map(members[members["how"] == "founder"].groupby("agreement").size())),
        }
    )
    members = members.assign(agreement=integers(members["agreement"]))
    return {
        "trade_agreements": agreements,
        "trade_agreement_members": members.drop_duplicates(["agreement", "iso3"]),
    }


def _read(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = csv(files, FILE, sep=";", encoding="latin-1", na_values=["", "NA"])
    require(raw, [*READ, *(f"c{i}" for i in range(1, WIDTH + 1)), *(f"mc{i}" for i in range(1, WIDTH + 1))], FILE)
    if f"c{WIDTH + 1}" in raw:
        raise UpstreamError(f"{FILE}: has a column c{WIDTH + 1}; members beyond c{WIDTH} would be lost. Widen the recipe.")
    if raw["number"].duplicated().any():
        raise UpstreamError(f"{FILE}: number {raw.loc[raw['number'].duplicated(), 'number'].iloc[0]} occurs twice.")
    return raw.assign(year=integers(raw["year"]), entryforceyear=integers(raw["entryforceyear"]))


def _codes(row: pd.Series, leaving_only: bool = False) -> list[str]:
    codes = []
    for i in range(1, WIDTH + 1):
        number, mark = row[f"c{i}"], row[f"mc{i}"]
        if pd.isna(number) or (leaving_only and mark != LEAVING):
            continue
        if not str(number).isdigit() or int(number) not in ISO3_OF_NUMBER:
            raise UpstreamError(
                f"{FILE}, entry {row['number']} ({row['name']}), column c{i}: {number!r} is no known ISO 3166 numeric code. "
                "Add it to ISO3_OF_NUMBER of the recipe."
            )
        codes.append(ISO3_OF_NUMBER[int(number)])
    return list(dict.fromkeys(codes))  # one list names a country twice


def _members(row: pd.Series, kind: str, joined) -> pd.DataFrame:
    codes = _codes(row)
    return pd.DataFrame(
        {
            "agreement": row["number"],
            "iso3": codes,
            "how": "negotiating" if kind == "negotiation" else "founder",
            "joined_year": joined,
            "in_force_year": row["entryforceyear"],
            "left_year": pd.NA,
        }
    ).astype({"joined_year": "Int64", "in_force_year": "Int64", "left_year": "Int64"})


def _changed(members: pd.DataFrame, row: pd.Series, kind: str, agreement: str) -> pd.DataFrame:
    here = members["agreement"] == agreement
    if kind == "withdrawal":
        leaving = _codes(row, leaving_only=True)
        found = here & members["iso3"].isin(leaving)
        if not leaving or found.sum() != len(leaving):
            raise UpstreamError(f"{FILE}, entry {row['number']} ({row['name']}): who leaves is not marked or was no member.")
        return members.assign(left_year=members["left_year"].mask(found, row["year"]))
    new = _members(row, "accession", row["year"])
    new = new[~new["iso3"].isin(members.loc[here, "iso3"])]
    return pd.concat([members, new.assign(agreement=agreement, how="accession")], ignore_index=True)
