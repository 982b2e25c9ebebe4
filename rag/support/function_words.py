"""Small words: those that a sentence may add to its quotes, and those that a quote must back.

Any small word in neither list must stand in a quote itself.
"""

from __future__ import annotations

# What a sentence says to hold together or to introduce what it says; it claims nothing by itself.
FREE = frozenset(
    (
        "a an the of to in on at by for from with as and that this these those it its they their "
        "them he she his her him which who whom whose what how where there here itself themselves "
        "is are be being am was were been has have had having do does did done you your we our us "
        "i he'll one ones own other such also too well however moreover furthermore additionally "
        "overall summary other word words called call known term terms termed name named "
        "namely mean means meaning refer refers referred define defined definition describe "
        "describes described according glossary i.e e.g ie eg etc example instance particular "
        "kind kinds type types sort form way ways thing things something fact case cases "
        "use uses used using based method approach technique process concept idea notion "
        "said say says given put out off down onto into then so-called effectively actually "
        "take takes took taking taken "
        "essentially basically simply get gets getting"
    ).split()
)
# Verbs and nouns that say little without what stands by them: that has to be in the quote.
LIGHT = frozenset(
    (
        "work works working worked run runs running ran make makes made making become becomes "
        "became go goes going went come comes coming came pass passes passed passing exist exists "
        "consist consists contain contains include includes including involve involves serve "
        "serves act acts behave behaves happen happens occur occurs lie lies sit sits stand stands "
        "bring brings brought place placed places see sees seen look looks tell tells got gotten "
        "obtain obtains obtained receive receives received reach reaches provide provides offer "
        "offers deliver delivers carry carries carried carrying perform performs performed apply "
        "applies applied achieve achieves handle handles treat treats treated concern concerns "
        "relate relates belong belongs feature features possess possesses compared comparing lot "
        "beside besides alongside amount set sets own owns thanks"
    ).split()
)
# Each word needs a word of one of its lines in a quote; what stands after "|" backs only.
BACKED = (
    "can could able possible capable | may let lets allow allows enable enables permit permits "
    "option optionally ability so",
    "may might possibly potentially perhaps | could",
    "let lets | so can allow allows enable enables",
    "must has-to have-to | require requires required need needs mandatory necessary cannot always "
    "never only obligatory should",
    "should ought | recommend recommended better advisable",
    "will shall going | would",
    "would",
    "need needs necessary | must require requires required demand demands",
    "all any | every each whole entire both everywhere always total",
    "every each | per all any whole both",
    "per | each every /",
    "some certain | several few various sometimes",
    "several multiple various | many numerous two three four five six different various few more "
    "both all",
    "many numerous | several multiple thousands hundreds lots various millions much up",
    "few little | small handful low fewer less least",
    "most mostly mainly primarily largely chiefly main primary | majority usually above nearly "
    "chief",
    "both | two and",
    "either | or any",
    "another | other second further additional",
    "or | either and any nor",
    "much greatly considerably | far many more significantly strongly better up most",
    "more further | higher larger greater additional extra increase increases raise raises over "
    "above exceed exceeds better most longer bigger",
    "less fewer | lower smaller reduce reduces few little cheaper below decrease decreases shorter",
    "very highly extremely | particularly especially",
    "particularly especially specifically | very above",
    "often usually typically commonly generally frequently general common typical usual | tend "
    "tends mostly normally mainly",
    "sometimes occasionally | may might",
    "partly partially somewhat | partial",
    "first | initially begin begins start starts initial before 1 then",
    "second | another two",
    "last final finally | end ends ultimately",
    "next | then following after subsequent",
    "because since so therefore thus hence consequently due why reason cause causes thereby | "
    "result results lead leads owing thanks make makes force forces",
    "result results resulting | lead leads cause causes so therefore thus hence because since "
    "why give gives produce produces yield yields",
    "but yet whereas while | and although though however instead only still than not",
    "although though even | but however yet despite regardless",
    "despite | although though regardless",
    "still | yet but",
    "if when whenever whether | once where provided unless with while after case for during "
    "make makes",
    "once after | when following then later since finished already afterwards subsequently",
    "before until till | prior earlier ahead",
    "during while | in when as throughout within over",
    "unless except",
    "instead rather | not replace replaces unlike",
    "like | as similar same just resemble resembles such any",
    "unlike | not but contrast differ differs whereas instead rather than",
    "through via | by over with using across along means",
    "within inside | in into",
    "up | rise rises raise raises increase increases most",
    "outside | external out",
    "between among | from to across of border borders",
    "across | over between through on",
    "over above | across than exceed exceeds more on through beyond",
    "under below beneath | less lower than",
    "beyond | above over exceed exceeds past",
    "about approximately roughly around nearly almost ~ | approximate near close circa ca",
    "than | compared over instead rather versus unlike exceed exceeds twice as",
    "same | equal equals identical like both one",
    "only solely exclusively just merely",
    "regardless | matter however any no independent independently",
    "itself themselves | own self",
    "> ≥ | over above exceed exceeds more greater least minimum",
    "< ≤ | under below less fewer most maximum up",
    "always invariably | must every each all any never",
    "without | no not free avoid avoids need",
    "twice double | 2 two",
    "half | 0.5 50",
    "together jointly | both combine combined with",
    "now today currently | present current",
    "not no never cannot neither nor none nothing",
    "versus vs | than compared against and",
)
# Compared as denials, with what they deny.
DENYING = frozenset("not no never without cannot nor neither none nothing nobody".split())
# Words of these kinds say something of the very word that they stand by.
LOCAL = frozenset(
    (
        "can could may might able possible possibly potentially perhaps must should will would "
        "need needs all any every each per some several multiple various many numerous few "
        "little most mostly mainly primarily largely both either another much greatly "
        "considerably more further less fewer very highly particularly especially often usually "
        "typically commonly generally frequently sometimes occasionally partly partially first "
        "second last next only solely exclusively just merely always invariably twice double half "
        "together jointly now currently"
    ).split()
)
SMALL_WORDS = FREE.union(*(line.partition("|")[0].split() for line in BACKED))
