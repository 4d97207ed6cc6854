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

OECD = ("AUS", "AUT", "BEL", "CAN", "CHE", "CHL", "COL", "CRI", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR",
        "GRC", "HUN", "IRL", "ISL", "ISR", "ITA", "JPN", "KOR", "LTU", "LUX", "LVA", "MEX", "NLD", "NOR", "NZL", "POL",
        "PRT", "SVK", "SVN", "SWE", "TUR", "USA")
PANDEMIC = tuple(sorted({*OECD, "CHN", "RUS", "SGP", "TWN"}))  # OECD members and the neighbors that report

# Countries among the members of the OECD's Development Assistance Committee in 2025 (the European Union is one too)
DAC = ("AUS", "AUT", "BEL", "CAN", "CHE", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC", "HUN", "IRL",
       "ISL", "ITA", "JPN", "KOR", "LTU", "LUX", "LVA", "NLD", "NOR", "NZL", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
       "USA")
# Aid recipients of the Indo-Pacific: every country of South Asia, South-East Asia, East Asia and the Pacific that was on the
# committee's list of recipients between 2009 and 2022. Afghanistan and Pakistan, which American usage leaves out of the
# Indo-Pacific and where war sets the sums, and East Asia, of which only China, Mongolia and North Korea receive aid, are
# subregions of their own, so that a figure can leave them out.
INDO_PACIFIC_SUBREGIONS = {
    "south-asia": ("BGD", "BTN", "IND", "LKA", "MDV", "NPL"),
    "southeast-asia": ("IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "THA", "TLS", "VNM"),
    "pacific": ("COK", "FJI", "FSM", "KIR", "MHL", "NIU", "NRU", "PLW", "PNG", "SLB", "TKL", "TON", "TUV", "VUT", "WLF",
                "WSM"),
    "east-asia": ("CHN", "MNG", "PRK"),
    "afghanistan-pakistan": ("AFG", "PAK"),
}
INDO_PACIFIC = {iso3: subregion for subregion, codes in INDO_PACIFIC_SUBREGIONS.items() for iso3 in codes}
# Countries whose disasters are shown year by year: the region, the large and the island recipients of its aid, and rich
# countries on coasts and faults
DISASTER_PANEL = ("AUS", "BGD", "CHL", "CHN", "FJI", "IDN", "IND", "ITA", "JPN", "KHM", "KOR", "LAO", "LKA", "MMR", "MNG",
                  "NPL", "NZL", "PAK", "PHL", "PNG", "PRK", "RUS", "SLB", "THA", "TLS", "TON", "TUR", "TWN", "USA", "VNM",
                  "VUT", "WSM")
# Numbers of the committee's code list (as in ONEcampaign/oda_reader, dac2_codes_area.json)
ISO3_OF_DAC_CODE = {
    1: "AUT", 2: "BEL", 3: "DNK", 4: "FRA", 5: "DEU", 6: "ITA", 7: "NLD", 8: "NOR", 9: "PRT", 10: "SWE", 11: "CHE",
    12: "GBR", 18: "FIN", 20: "ISL", 21: "IRL", 22: "LUX", 40: "GRC", 50: "ESP", 61: "SVN", 68: "CZE", 69: "SVK",
    75: "HUN", 76: "POL", 77: "ROU", 82: "EST", 83: "LVA", 84: "LTU", 301: "CAN", 302: "USA", 701: "JPN", 742: "KOR",
    801: "AUS", 820: "NZL",
    625: "AFG", 630: "BTN", 635: "MMR", 640: "LKA", 645: "IND", 655: "MDV", 660: "NPL", 665: "PAK", 666: "BGD",
    728: "KHM", 730: "CHN", 738: "IDN", 740: "PRK", 745: "LAO", 751: "MYS", 753: "MNG", 755: "PHL", 764: "THA",
    765: "TLS", 769: "VNM", 831: "COK", 832: "FJI", 836: "KIR", 845: "NRU", 854: "VUT", 856: "NIU", 859: "MHL",
    860: "FSM", 861: "PLW", 862: "PNG", 866: "SLB", 868: "TKL", 870: "TON", 872: "TUV", 876: "WLF", 880: "WSM",
}

# Democracies and neighbors that leaders and institutions of the three partners are compared with.
COMPARISON = tuple(sorted({*OECD, *PANEL, "TWN"}))

# State numbers of Correlates of War and Gleditsch and Ward, which differ for Germany: one keeps 260 for the whole period,
# the other gives the united country 255.
ISO3_OF_STATE = {
    2: "USA", 20: "CAN", 40: "CUB", 70: "MEX", 94: "CRI", 100: "COL", 101: "VEN", 155: "CHL", 200: "GBR", 205: "IRL",
    210: "NLD", 211: "BEL", 212: "LUX", 220: "FRA", 225: "CHE", 230: "ESP", 235: "PRT", 255: "DEU", 260: "DEU",
    290: "POL", 305: "AUT", 310: "HUN", 316: "CZE", 317: "SVK", 325: "ITA", 349: "SVN", 350: "GRC", 365: "RUS",
    366: "EST", 367: "LVA", 368: "LTU", 370: "BLR", 375: "FIN", 380: "SWE", 385: "NOR", 390: "DNK", 395: "ISL",
    620: "LBY", 630: "IRN", 640: "TUR", 645: "IRQ", 652: "SYR", 666: "ISR", 710: "CHN", 713: "TWN", 731: "PRK",
    732: "KOR", 740: "JPN", 750: "IND", 775: "MMR", 800: "THA", 816: "VNM", 820: "MYS", 830: "SGP", 840: "PHL",
    850: "IDN", 900: "AUS", 920: "NZL",
}

NAMES = {
    "AFG": ("Afghanistan",),
    "ARG": ("Argentina",),
    "AUS": ("Australia",),
    "AUT": ("Austria",),
    "BEL": ("Belgium",),
    "BGD": ("Bangladesh",),
    "BRA": ("Brazil",),
    "BRN": ("Brunei", "Brunei Darussalam"),
    "BTN": ("Bhutan",),
    "CAN": ("Canada",),
    "CHE": ("Switzerland",),
    "CHL": ("Chile",),
    "CHN": ("China", "China, People's Republic of", "China (People's Republic of)", "People's Republic of China", "PRC",
            "China, P.R.", "Mainland China"),
    "COK": ("Cook Islands",),
    "COL": ("Colombia",),
    "CRI": ("Costa Rica",),
    "CZE": ("Czechia", "Czech Republic"),
    "DEU": ("Germany", "German Federal Republic"),
    "DNK": ("Denmark",),
    "EGY": ("Egypt", "Egypt, Arab Rep."),
    "ESP": ("Spain",),
    "EST": ("Estonia",),
    "FIN": ("Finland",),
    "FJI": ("Fiji",),
    "FRA": ("France",),
    "FSM": ("Micronesia", "Federated States of Micronesia", "Micronesia (Federated States of)", "Micronesia, Fed. Sts.",
            "Micronesia, Federated States of"),
    "GBR": ("United Kingdom", "UK", "Britain", "Great Britain"),
    "GRC": ("Greece",),
    "HKG": ("Hong Kong", "Hong Kong, China", "Hong Kong SAR", "China, Hong Kong SAR", "Hong Kong SAR, China"),
    "HUN": ("Hungary",),
    "IDN": ("Indonesia",),
    "IND": ("India",),
    "IRL": ("Ireland",),
    "IRN": ("Iran", "Iran, Islamic Rep."),
    "IRQ": ("Iraq",),
    "ISL": ("Iceland",),
    "ISR": ("Israel",),
    "ITA": ("Italy",),
    "JPN": ("Japan",),
    "KAZ": ("Kazakhstan",),
    "KHM": ("Cambodia",),
    "KIR": ("Kiribati",),
    "KOR": ("South Korea", "Korea", "Korea, Rep.", "Korea, South", "Korea (Republic of)", "Korea South",
            "Republic of Korea", "Rep. of Korea", "Korea (the Republic of)", "Korea (Rep. of)"),
    "LAO": ("Laos", "Lao PDR", "Lao People's Democratic Republic"),
    "LKA": ("Sri Lanka",),
    "LTU": ("Lithuania",),
    "LUX": ("Luxembourg",),
    "LVA": ("Latvia",),
    "MAC": ("Macao", "Macau", "China, Macao SAR"),
    "MDV": ("Maldives",),
    "MEX": ("Mexico",),
    "MHL": ("Marshall Islands",),
    "MMR": ("Myanmar", "Burma", "Myanmar/Burma"),
    "MNG": ("Mongolia",),
    "MYS": ("Malaysia",),
    "NIU": ("Niue",),
    "NLD": ("Netherlands", "The Netherlands"),
    "NOR": ("Norway",),
    "NPL": ("Nepal",),
    "NRU": ("Nauru",),
    "NZL": ("New Zealand",),
    "PAK": ("Pakistan",),
    "PHL": ("Philippines",),
    "PLW": ("Palau",),
    "PNG": ("Papua New Guinea",),
    "POL": ("Poland",),
    "PRK": ("North Korea", "Korea, North", "Korea, Dem. People's Rep.", "Korea, Dem. Rep.",
            "Democratic People's Republic of Korea", "Democratic People’s Republic of Korea", "DPR Korea", "Korea North",
            "Dem. People's Rep. of Korea"),
    "PRT": ("Portugal",),
    "ROU": ("Romania",),
    "RUS": ("Russia", "Russian Federation", "Soviet Union", "Russia (Soviet Union)"),
    "SAU": ("Saudi Arabia",),
    "SGP": ("Singapore",),
    "SLB": ("Solomon Islands",),
    "SVK": ("Slovakia", "Slovak Republic"),
    "SVN": ("Slovenia",),
    "SWE": ("Sweden",),
    "THA": ("Thailand",),
    "TKL": ("Tokelau",),
    "TLS": ("Timor-Leste", "East Timor", "Timor"),
    "TON": ("Tonga",),
    "TUR": ("Turkey", "Türkiye", "Turkiye"),
    "TUV": ("Tuvalu",),
    "TWN": ("Taiwan", "Chinese Taipei", "Taiwan, China", "Taiwan Province of China", "Other Asia, nes"),
    "UKR": ("Ukraine",),
    "USA": ("United States", "United States of America", "USA", "US", "U.S.A."),
    "VNM": ("Vietnam", "Viet Nam"),
    "VUT": ("Vanuatu",),
    "WLF": ("Wallis and Futuna",),
    "WSM": ("Samoa",),
    "ZAF": ("South Africa",),
}
ISO3_OF_NAME = {name: iso3 for iso3, spellings in NAMES.items() for name in spellings}
# fmt: on
