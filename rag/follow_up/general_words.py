"""Words that fit any subject, and so say nothing of which is meant."""

from __future__ import annotations

# Nouns that may stand for anything that has been talked about.
ANY_THING = frozenset(
    "one thing method technique approach algorithm model concept idea term topic subject process "
    "procedure system architecture framework tool device technology mechanism strategy scheme "
    "option kind type variant version".split()
)
# Words that ask for a side of any thing: its drawbacks, an example, some numbers.
SIDES = frozenset(
    "advantage advantages benefit benefits strength strengths merit merits pros cons disadvantage "
    "disadvantages drawback drawbacks limitation limitations weakness weaknesses downside upside "
    "downsides upsides challenge challenges problem problems issue issues risk risks application "
    "applications use usage uses case cases example examples instance formula formulas equation "
    "number numbers figure figures statistic statistics detail details step steps type types kind "
    "kinds variant variants version versions part parts component components key main important "
    "biggest typical common general practice good bad two three four several different basic idea "
    "purpose point goal goals reason reasons history origin definition summary overview fix fixes "
    "solution solutions alternative alternatives cost costs price result results property "
    "properties feature features requirement requirements code needed required involved work "
    "works better worse best worst real world life simple simply terms short quick quickly long "
    "much many big fast hard easy help say more evidence proof exist spots weak side sides effect "
    "effects consumption company companies people year date author authors inventor inventors "
    "paper papers popular usual covered supported size speed capacity expensive cheap free "
    "overall "
    "total rest others else exact invented developed created founded "
    "available reported known catch wrong right something anything nothing everything".split()
)
# Words that no noun phrase contains.
FUNCTION = frozenset(
    "a an the and or but so if when while because since as than then too also at by for from in "
    "into of on onto over under to with without within about against between during before after "
    "like per via not no yes is are was were be been being am do does did done have has had can "
    "could will would shall should may might must what which who whom whose where why how it its "
    "they them their this that these those such there here i you we us me my your our he she him "
    "her any some each every all both either neither more most less least much many very just only "
    "even still again usually normally typically often always never actually really exactly come "
    "comes came work works worked need needs needed mean means meant help helps helped make makes "
    "take takes took use uses go goes run runs get gets give gives differ differs compare compares "
    "look looks relate relates perform performs happen happens once although though until unless "
    "whether".split()
)
