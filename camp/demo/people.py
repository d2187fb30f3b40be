"""Invented people. Any likeness to a real person is chance: names are drawn from lists, always in the same order."""

from dataclasses import dataclass

SURNAMES = """赵 Zhao|钱 Qian|孙 Sun|李 Li|周 Zhou|吴 Wu|郑 Zheng|王 Wang|
冯 Feng|陈 Chen|沈 Shen|韩 Han|杨 Yang|朱 Zhu|秦 Qin|许 Xu|
何 He|吕 Lü|张 Zhang|孔 Kong|曹 Cao|严 Yan|金 Jin|魏 Wei|
陶 Tao|姜 Jiang|谢 Xie|邹 Zou|柏 Bai|水 Shui|章 Zhang|云 Yun|
苏 Su|潘 Pan|葛 Ge|范 Fan|彭 Peng|鲁 Lu|韦 Wei|马 Ma|
苗 Miao|方 Fang|俞 Yu|任 Ren|袁 Yuan|柳 Liu|唐 Tang|罗 Luo|
薛 Xue|贺 He"""
GIVEN = """沐阳 Muyang|子衿 Zijin|一鸣 Yiming|雨桐 Yutong|星野 Xingye|思远 Siyuan|清和 Qinghe|若水 Ruoshui|
知行 Zhixing|明轩 Mingxuan|嘉禾 Jiahe|景行 Jingxing|听澜 Tinglan|望舒 Wangshu|南风 Nanfeng|予安 Yu'an|
书瑶 Shuyao|修远 Xiuyuan|沛然 Peiran|朝歌 Zhaoge|亦凡 Yifan|凌云 Lingyun|晓棠 Xiaotang|元嘉 Yuanjia|
文博 Wenbo|逸尘 Yichen|可心 Kexin|承泽 Chengze|语嫣 Yuyan|浩然 Haoran|时安 Shi'an|念初 Nianchu|
天佑 Tianyou|佳宁 Jianing|启航 Qihang|锦程 Jincheng|安澜 Anlan|乐之 Lezhi|云舟 Yunzhou|牧之 Muzhi"""
SCHOOLS = [
    "滨海大学",
    "江城理工大学",
    "云岭科技大学",
    "北川师范大学",
    "青原大学",
    "南浦工业大学",
    "西溪学院",
    "东湖交通大学",
    "星河职业技术学院",
    "望海电子科技大学",
]
EMPLOYERS = ["晨星芯片", "远山智算", "拾光软件", "蓝鲸云", "知微数据", "九章实验室"]
CITIES = ["北京", "上海", "广州", "深圳", "杭州", "南京", "武汉", "成都", "西安", "合肥", "长沙", "济南"]
FIELDS = ["计算机科学与技术", "软件工程", "人工智能", "电子信息", "自动化", "数学", "物理", "集成电路"]
HEARD = ["同学推荐", "导师推荐", "公众号文章", "开源社区", "往期学员", "技术论坛"]


@dataclass(frozen=True)
class Person:
    """Somebody invented, with what the profile and the application form ask for."""

    handle: str
    name: str
    occupation: str
    affiliation: str
    major: str
    city: str
    heard_from: str


def pairs(text):
    return [tuple(part.split()) for part in text.replace("\n", "").split("|")]


def invent(number, rng):
    """`number` different people, always the same for a random generator in the same state."""
    names = [(surname, given) for surname in pairs(SURNAMES) for given in pairs(GIVEN)]
    rng.shuffle(names)
    while len(names) < number:
        names += names
    return [_person(position, names[position], rng) for position in range(number)]


def _person(position, name, rng):
    (surname, family), (given, latin) = name
    studies = rng.random() < 0.8
    plain = f"{latin}{family}".lower().replace("'", "").replace("ü", "v")
    return Person(
        handle=f"{plain}{position:03}",
        name=surname + given,
        occupation="studying" if studies else "working",
        affiliation=rng.choice(SCHOOLS if studies else EMPLOYERS),
        major=rng.choice(FIELDS),
        city=rng.choice(CITIES),
        heard_from=rng.choice(HEARD),
    )
