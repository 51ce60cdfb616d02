"""Words for places that are on no tree: landmarks, sides, floors and rooms, and the patterns that find them.

A landmark of the whole community (东门, 地下车库, the playground) is enough to go there; one that each building has
(楼道, 垃圾房, the lobby) is not. Words like 超市 or school are places only with a side: 超市门口, opposite the school.
"""

# ruff: noqa: E501 - word lists are read across

from __future__ import annotations

import re

_ENOUGH = (
    "地铁(?:站)?[a-z0-9]{0,2}(?:出|入)?口|公交站[牌亭]|候车亭|(?:停?车位|泊位)(?:[a-z]?-?[0-9]{1,4}号|[a-z]-?[0-9]{1,4})|[a-z]?-?[0-9]{1,4}号(?:停?车位|泊位)|(?:菜|农贸|集贸)市场(?=的)|洗车[点房]|晾晒[区场]|遛狗区|宠物乐园|(?:净|售)水机|自动售货机|旧衣回收[箱点]|文化墙|旗杆|跷跷板|攀爬架|篮球架|(?:指示|警示|广告|提示|告示|宣传|路|站)牌(?:下面?|旁边?|边上?|处|那里|后面)|(?:晾衣|遮阳|充电|停车|自行车|车)棚|棚子|[东西南北]{2}角|[东西南北](?:侧|面|边)(?:围墙|的?路)?|[0-9一二三四五六]{1,2}号门(?:口|岗)?|社区卫生[站室]|卫生服务[站中心]+|小公园|口袋公园|休闲广场|门前广场|后山|后街|门前马路|小区(?:[大前后侧偏正]?门口?|里面?|内|外面?|门岗|围墙)|[东西南北正]{1,2}(?:大?门|区|院|广场(?!舞))(?:口|岗)?|地下(?:停?车库|停车场)(?:入口|出口|口)?|地库(?:入口|出口|口)?|(?:停?车库|停车场)(?:入口|出口|口)?|"
    "(?:单车|自行车|电动车|电瓶车|电单车|摩托车|非机动车)(?:车?棚|停放点|停车棚|停放处)|充电车?棚|充电站|中[心央](?:花园|广场|公园|绿地|景观)|(?:后|前|中|小|大|东|西|南|北|屋顶)?花园|(?:后|前|中)院|公园|广场(?!舞)|"
    "游乐[场区园]|游乐设施|儿童(?:乐园|游乐[场区]|活动区|滑梯)|滑梯|沙[池坑]|秋千|篮球场|足球场|羽毛球场|网球场|门球场|乒乓球台|球场|健身(?:区|广场|房|角)|健身器材区?|"
    "游?泳池|喷水?池|喷泉|人工湖|池塘|荷花池|水景|鱼池|凉亭|亭子|长廊|连廊|步道|跑道|健康步道|小路|小树林|小巷|巷子|巷口|路口|马路[上边]|人行道|斑马线|天桥|"
    "活动[室中]心?|老年活动[室中]心?|党群服务中心|服务中心|社区(?:中心|食堂|医院|广场|门口|大门|活动室)|会所|棋牌室|图书室|阅览室|老年食堂|长者食堂|长者饭堂|议事厅|多功能厅|舞蹈室|物业(?:办公室|中心|前台|处)|"
    "保安亭|保安室|门卫室?|门岗|岗亭|传达室|快递[柜站点架]|快递驿站|菜鸟驿站|驿站|丰巢柜?|商业街|底商|宣传栏|公告栏|公示栏|垃圾(?:中转|收集|转运)站|消防通道|主干道|主路|环路|河边|湖边|江边|河道|步行街|共享单车停放点"
)
_OF_A_BUILDING = (
    "垃圾房|垃圾屋|垃圾亭|垃圾站|垃圾点|垃圾分类[亭点站房]|垃圾投放点|投放点|大堂|大厅|门厅|门廊|入户大堂|大门口?|门口|[后前侧偏]门口?|楼门口?|单元门口?|楼道[口里]?|楼栋门口|走廊|过道|通道|楼梯[间口道]?|"
    "电梯[间口厅房]|候梯厅|地下室|负一层|天台|楼顶|顶楼|屋顶|楼面|平台|露台|架空层|架空|配电[房室间]|电表[箱间房]|水泵房|泵房|设备[间房]|强电井|弱电井|管道井|管井|水井房|花坛|绿化带|草坪|草地|草丛|树下|绿地|围墙|墙角|"
    "空地|坡道|台阶|信报箱|信箱|雨棚|架子下|阳台|外墙|楼缝|天井|采光井|拐角处?|转角处?|停车位|车位"
)
_WITH_A_SIDE = (
    "幼儿园|小学|中学|学校|菜市?场|农贸市场|市场|超市|便利店|小卖部|药店|药房|医院|诊所|卫生[站院]|卫生服务中心|银行|饭店|餐馆|餐厅|烧烤[店摊]|面馆|早餐店|奶茶店|理发店|棋牌馆|麻将馆|网吧|酒店|宾馆|公交[车]?站台?|"
    "地铁[站口]|车站|站台|派出所|居委会?|村委会|街道办|物业|电梯|垃圾桶|垃圾箱|井盖|窨井盖?|路灯|大树|榕树|樟树|桂花树|香樟|树|充电桩|变电[箱站]|变压器|消防栓|消火栓|围栏|栏杆|桥|工地|厕所|公厕|洗手间|门禁|道闸|道口|岗哨|红绿灯|"
    "水表井?|化粪池|下水道|下水井|雕塑|假山|石凳|长椅|水池|食堂|饭堂|店|铺|我们?单元|本楼|商铺|门市|邮局|加油站|馆|房|站|宿舍|学生公寓"
)
_SIDE = (
    "门口|门前|前面|后面|后边|前边|旁边|边上|对面|外面|里面|里头|下面|上面|底下|楼下|附近|中间|周边|周围|隔壁|后头|前头|拐角处?|转角处?|角落|尽头|那边|那儿|那里|那块|这边|这里|这块|一带|"
    "[东西南北](?:边|侧|面|头)|[左右](?:边|侧|手边|面)|之间|入口处?|出口处?|背后|背面|正面|侧面|后墙|门外|门内|窗外|窗下|墙角|墙边|里(?!面|头|边)|外(?!面|边|墙|卖|地|来)|内(?!部|容)|旁(?!边)|处(?!理|置|罚)|上(?!面|个|次|周|星|礼|月|门|报|班|学|下|不|了|去|午|海|厕)|下(?!面|来|去|水|雨|班|午|个|周|次|不|了|楼|降|单)|后(?!来|天|面|边|头|果|续|门)|前(?!天|几|年|阵|面|边|头|两|些|台|门)"
)
_SIDE_ALONE = "楼下|楼后|楼前|屋后|屋前|门前|房后|房前|楼旁|楼间"
_NAME = r"[^\W\d_a-z我你他她它您在就是从到去的了有没不和跟把被让给说又还也都很太好这那哪谁啊吧呢吗请问们个人天晚早号楼梯幢]"
_CN = "[一二三四五六七八九十]"

ZH_DETAIL = re.compile(
    rf"(?P<floor>(?:负|地下|b)\s?(?P<under>[1-4一二三四])\s?(?:楼|层)|(?<![a-z0-9])b[1-4](?![0-9a-z])(?:层|楼)?|(?<![0-9每这那几.:-])(?:第?(?P<f>[0-9]{{1,2}}|{_CN}{{1,3}})\s?(?:楼(?![栋长])|层(?!层)))|底[楼层]|顶[楼层])(?:的?(?P<side1>半|拐角|转角|平台))?"
    rf"|(?P<above>房号(?:是|为|:|\s)*(?:[0-9]{{3,4}}|[零〇一二三四五六七八九]{{3,4}})|(?:楼上|楼下|隔壁|对门)的?(?:[0-9]{{3,4}}|[零〇一二三四五六七八九]{{3,4}})(?![0-9元块年个人户]|天(?!天))(?:室|房|户|家)?)"
    rf"|(?P<room>(?:(?<=[幢楼层])|(?<=[幢楼层] )|(?<=幢[-,，]))(?:[0-9]{{3,4}}(?![0-9元块年个户人天条次平多])|[零〇一二三四五六七八九]{{3,4}})(?:室|房|号房|户)?|(?<![0-9a-z.:/-])[0-9]{{3,4}}(?![0-9])\s?(?:室|房(?!租|价|屋|东)|号房|户|家(?!里没))|(?<=幢)[a-z][0-9]{{0,3}}(?:室|户|房|单位)|(?<=[楼层幢])[a-h](?![a-z0-9区座幢期出口门栋])(?:室|户|房|单位)?|(?<=幢)[0-9]{{1,2}}(?:号房?|室|房|户)|(?<![0-9a-z.:/#-])(?!20[0-2]|19)[1-9][0-9]?(?:0[1-9]|1[0-2])(?![0-9a-z元块年个人条次平多路号线%度斤米点分岁吨.:/-]|医院|\s?(?:[a-z]|元|块|人|个))(?:户|家)?|(?<=我是)[0-9]{{3,4}}(?=[的，,。 ]|$)|(?<=住)[0-9]{{3,4}}(?=[的，,。 ]|$))"
    rf"|(?P<enough>(?:(?:我们|咱们?|本|整个)?(?:小区|社区|院子|大院|院)(?:里|内)?的?(?={_ENOUGH}))?(?:{_ENOUGH})(?:的?(?:{_SIDE}))?(?:的?(?:{_ENOUGH}|{_OF_A_BUILDING}))?)"
    rf"|(?P<zone>(?<![0-9a-z一二三四五六七八九十])(?:[a-z]|[0-9]{{1,2}}|{_CN})(?:区(?!别|域|分)|期(?![间限待末中])))"
    rf"|(?P<weak>(?:(?:小区|社区)(?:里|内)?的?)?(?:(?:我们?|咱们?)(?:家|单元|楼|这栋?楼?)?)?(?:楼上|楼下)?的?(?:{_OF_A_BUILDING})(?:的?(?:{_SIDE}))?)"
    rf"|(?P<sided>(?:{_NAME}{{0,4}})(?:{_WITH_A_SIDE})的?(?:{_SIDE})(?:的?(?:{_ENOUGH}|{_OF_A_BUILDING}))?)"
    rf"|(?P<side>(?:{_SIDE_ALONE})(?:的?(?:{_ENOUGH}|{_OF_A_BUILDING}))?|(?:我家|我们家|自家|咱家|他家|人家|家)(?:的)?(?:门口|楼下|楼上|窗外|窗下|隔壁|对面)|(?:前面|后面|旁边|边上|对面|外面|附近|隔壁|之间|中间)的?(?:{_ENOUGH}|{_OF_A_BUILDING}|{_WITH_A_SIDE}))"
)

_EN_ENOUGH = (
    r"play\s?ground|sand\s?(?:pit|box)|swings|see-?saw|climbing\sframe|green\s?house|allotments?|gazebo|bandstand|flag\s?pole|bus\s(?:stop(?:\sshelter)?|shelter)|taxi\s(?:stand|rank)|(?:market|food|town|sports)\shall(?:\stoilets?)?|wet\smarket|(?:public|market|park)\stoilets?|dog\s(?:park|run|area)|car\swash|(?:barbecue|bbq|picnic|drop-?off)\sarea|skate\s?park|vending\smachine|water\s(?:dispenser|kiosk)|clothes\sbank|multi-?purpose\s(?:hall|room)|(?:kids'?|children's|kid's)\s(?:play\s?(?:ground|area)|slide|corner)|play\sarea|(?:badminton|sports|volleyball)\scourt|ping\s?pong\stables?|(?:senior|elderly|seniors'?)\s(?:centre|center|canteen|room)|reading\sroom|lotus\spond|fitness\sequipment|guard\spost|security\spost|sentry\sbox|charging\s(?:pile|piles|points?|bay)|gate\s(?:no\.?\s?)?[0-9a-d]\b|exit\s[0-9a-d]\b|service\s(?:lane|road)|back\s(?:lane|alley)|loading\sbay|(?:basement|visitor|underground)\sparking|estate\soffice|community\s(?:clinic|library|kitchen|garden)|pedestrian\scrossing|intersection|roundabout|(?:main|front|back|rear|side|east|west|north|south|eastern|western|northern|southern|community|estate|compound)\s(?:gate|entrance|exit)|(?:east|west|north|south)\s(?:wing|side|garden|square)|"
    r"(?:under\s?ground\s|basement\s)?(?:car\s?park|parking\s(?:lot|garage|area)|garage)(?:\s(?:entrance|exit|ramp))?|playground|basketball\scourt|tennis\scourt|football\s(?:pitch|field)|swimming\spool|pool|"
    r"(?:central\s|community\s|back\s|front\s|roof\s)?garden|courtyard|square(?!\s(?:m|feet|foot|ft))|plaza|fountain|pond|pavilion|club\s?house|community\s(?:centre|center|hall|room|canteen)|activity\s(?:room|centre|center)|canteen|library|gym|"
    r"(?:bike|bicycle|scooter|e-bike|motorbike)\s(?:shed|parking|rack|racks|shelter)|guard\s?house|gate\s?house|security\s(?:booth|office|desk|gate|hut)|guard\sbooth|management\soffice|property\soffice|parcel\s(?:lockers?|station|room)|"
    r"notice\s?board|(?:foot|cycle|jogging|running|garden)\s?(?:path|track)|pavement|sidewalk|crossroads|junction|zebra\scrossing|footbridge|riverside|gate|alley(?:way)?|driveway|ramp|charging\s(?:station|shed|area)|fitness\s(?:area|corner)|exercise\sarea|(?:little|small|pocket|community|nearby)\spark|(?<=the\s)park(?!ing|\s(?:on|in|at|there|here)\b)"
)
_EN_WEAK = (
    r"lift\slobby|elevator\slobby|lobby|hallway|hall|entrance\shall|foyer|corridor|staircase|stairwell|stairway|stairs|landing|basement|cellar|rooftop|roof\s?top|roof|terrace|balcony|lawn|flower\s?bed|grass|bushes|hedge|"
    r"(?:main|back|front|side|rear|fire|entrance|lobby|street)\sdoor|fire\s(?:exit|escape|lane|door)|emergency\s(?:exit|stairs|staircase)|(?:bin|rubbish|trash|garbage|refuse|waste|recycling)\s(?:room|area|store|shed|point|station|corner|enclosure)|"
    r"mail\s?room|mailboxes|meter\s(?:room|cupboard)|pump\sroom|electrical\sroom|laundry\s?room|storage\s(?:room|area)|doorway|entrance|porch|walkway|passageway|passage|elevator\shall|stair\s?case|bin\sstore|rubbish\s(?:point|chute)|garbage\schute|fire\slane|parking\s(?:space|spot|bay)s?"
)
_EN_SIDED = (
    r"school|kindergarten|nursery|primary\sschool|supermarket|shop|store|market|pharmacy|clinic|hospital|bank|restaurant|barbecue\s(?:place|stall)|bbq\s(?:place|stall)|bus\sstop|metro\s(?:station|exit)|station|lift|elevator|bins?|"
    r"dumpsters?|manhole(?:\scover)?|street\s?lamp|lamp\s?post|big\stree|tree|benches|bench|fence|wall|bridge|toilet|public\stoilet|office|canal|river|lake|road|street|cafe|cafeteria|bakery|hairdresser|temple|church|drain|transformer|"
    r"fire\shydrant|post\soffice|convenience\sstore|noodle\sshop|building\ssite|construction\ssite|window|windows|block|building|house|flat|door"
)
_EN_FLOOR = r"(?:[0-9]{1,2}(?:st|nd|rd|th)|ground|top|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|lower|upper|basement)"
_ADJ = r"(?!(?:the|a|is|in|of|and|was|are|has|at|on|to|it|with|after|before|from|for|by|near|until|since|during|when|while|that|which|who|every|last|this)\b)[a-z'-]+"

EN_DETAIL = re.compile(
    rf"(?P<hash>(?<![0-9a-z])#(?:[0-9]{{1,2}}-[0-9]{{1,4}}|[0-9]{{3,4}})\b)|\b(?:(?P<floor>(?:the\s)?(?P<f>{_EN_FLOOR})[\s-]floors?(?:\s(?:landing|corridor|hallway|lobby|stairwell|balcony))?|(?:floor|level|storey|lvl)\s(?P<f2>[0-9]{{1,2}}|b[1-4]|{'|'.join(('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'))})|(?<!-)b[1-4](?=\b)|(?<![/0-9])[0-9]{{1,2}}/f)"
    rf"|(?P<room>(?:room|flat|apartment|apt\.?|suite|unit|rm\.?)\s?(?:no\.?\s?|number\s|#\s?)?[0-9]{{3,4}}[a-z]?\b|(?:room|flat|apartment|apt\.?|rm\.?)\s?(?:no\.?\s?|number\s|#\s?)?[0-9]{{1,4}}[a-z]?\b|(?<=幢)[\s,]{{1,2}}(?:no\.?\s)?[0-9]{{3,4}}[a-z]?\b(?!\s(?:people|yuan|days|times))|(?<=,\s)(?!20|19)[1-9][0-9]?(?:0[1-9]|1[0-2])[a-z]?\b(?=\s*(?:[,.;!?]|$))|(?:^|(?<=number\sis\s)|(?<=[.!]\s))(?!20|19)[1-9][0-9]?(?:0[1-9]|1[0-2])[a-z]?(?=,\s|\s(?:in|building|block|bldg|tower|of\s))|(?:(?<=\bin\s)|(?<=\bat\s)|(?<=\bflat\sis\s)|(?<=\broom\sis\s)|(?<=apartment\sis\s)|(?<=from\s)|(?<=upstairs\s)|(?<=above\s)|(?<=below\s)|(?<=number\s)|(?<=no\.\s)|(?<=resident\s)|(?<=neighbour\s))(?!20|19)[1-9][0-9]?(?:0[1-9]|1[0-2])[a-z]?\b(?!\s?(?:am|pm|yuan|rmb|people|kids|%)|[:.][0-9]))"
    rf"|(?P<sided>(?:behind|in\sfront\sof|next\sto|beside|outside|opposite|across\sfrom|near|under|underneath|below|above|between|by|at\sthe\s(?:back|front|side|rear|entrance|end|corner)\sof|the\s(?:back|corner|end)\sof|inside|at(?=\sthe\s))\s(?:the\s|our\s|my\s|that\s|a\s)?(?:{_ADJ}\s){{0,2}}?(?:{_EN_SIDED}|{_EN_ENOUGH}|{_EN_WEAK})\b(?!\s\#?[0-9])(?:\s(?:entrance|gate|door|exit|window))?)"
    rf"|(?P<enough>(?:the\s)?(?:{_EN_ENOUGH})\b(?!\s(?:is\sa|guard|keeper|pass|card|fee|fees|space|spot)))"
    rf"|(?P<zone>(?<![0-9a-z一二三四五六七八九十])(?:[a-z]|[0-9]{{1,2}}|{_CN})(?:区(?!别|域|分)|期(?![间限待末中])))"
    rf"|(?P<weak>(?:(?:小区|社区)(?:里|内)?的?)?(?:the\s)?(?:{_EN_WEAK})\b(?!\s(?:light\sbulb|fee)))"
    rf")"
)
ZH_AFTER = re.compile(rf"\s?(?:那里|那边|这里|这边)?的?(?:{_SIDE})")
EN_SIDE_BEFORE = re.compile(
    r"\b(?:behind|in\sfront\sof|next\sto|beside|outside|opposite|across\sfrom|near|under|below|between|by|(?:at\s)?the\s(?:back|front|side|rear|entrance|end|corner|foot)\sof)\s(?:the\s)?$"
)
