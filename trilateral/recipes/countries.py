"""The countries that the tables hold, by ISO 3166-1 alpha-3 code."""

# fmt: off
TRIAD = ("JPN", "KOR", "USA")
REGION = (*TRIAD, "CHN", "PRK", "RUS")
PARTNERS = ("AUS", "BEL", "CAN", "DEU", "DNK", "ESP", "FRA", "GBR", "IND", "ISR", "ITA", "NLD", "NOR", "NZL",
            "PHL", "POL", "THA", "TUR")
ASEAN = ("IDN", "MYS", "SGP", "VNM")
PANEL = tuple(sorted({*REGION, *PARTNERS, *ASEAN}))

ISO3_OF_ISO2 = {
    "AU": "AUS", "BE": "BEL", "CA": "CAN", "CN": "CHN", "DE": "DEU", "DK": "DNK", "ES": "ESP", "FR": "FRA",
    "GB": "GBR", "ID": "IDN", "IL": "ISR", "IN": "IND", "IT": "ITA", "JP": "JPN", "KP": "PRK", "KR": "KOR",
    "MY": "MYS", "NL": "NLD", "NO": "NOR", "NZ": "NZL", "PH": "PHL", "PL": "POL", "RU": "RUS", "SG": "SGP",
    "TH": "THA", "TR": "TUR", "US": "USA", "VN": "VNM",
}
ISO3_OF_COW = {2: "USA", 365: "RUS", 710: "CHN", 731: "PRK", 732: "KOR", 740: "JPN"}
# fmt: on
