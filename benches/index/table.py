"""What the scripts know of GDELT 2.0: how many columns it has, and which codes in its country columns are regions."""

COLUMNS = 61
REGIONS = (
    "AFR ASA BLK CAS CAU CEU CFR CRB EAF EEU EIN EUR IGO IMG INT LAM MDT MEA MNC NAF NGO NGM NMR PGS SAF SAM SAS "
    "SCN SEA SSA UIS WAF WEU WST XXX"
).split()
