"""What invented students ask in the demo's classrooms, and what they are told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """A question with the answer of staff, and that of another student, where there is one."""

    title: str
    text: str = ""
    votes: int = 0
    from_staff: str = ""
    from_student: str = ""
    is_anonymous: bool = False
    is_pinned: bool = False


CXX = [
    Talk(
        "exercise27 里的 Tensor4D 广播加法，怎样判断哪一维需要广播？",
        "我现在是对每一维写一个 `if`，四层循环嵌套得很难看：\n\n```cpp\n"
        "auto a = shape[0] == 1 ? 0 : i;\n```\n\n有没有更清楚的写法？",
        votes=17,
    ),
    Talk("本地编译通过，CI 上提示找不到 xmake，需要自己安装吗？", votes=9, is_anonymous=True),
    Talk(
        "29 分以后的最后一题要求的是移动语义还是拷贝？",
        "题面说“不发生拷贝”，但是没有说能不能改构造函数的声明。",
        votes=6,
        from_student="可以改，我是把拷贝构造函数标成 `= delete` 之后按编译错误一处一处改的。",
    ),
    Talk(
        "习题可以用 C++20 的特性吗？",
        "本地的编译器支持 `concepts`，不知道评分环境支不支持。",
        votes=23,
        from_staff="可以。评分环境和 `xmake.lua` 里写的标准一致，本地能用同样的设置编译通过，评分时就能通过。",
        is_pinned=True,
    ),
    Talk(
        "录播里提到的“三五法则”在哪一节可以复习？",
        votes=4,
        from_staff="在第二讲的后半段，从 32 分钟开始；对应 exercise18 到 exercise21。",
        from_student="讲义第 14 页也有一张总结表。",
    ),
]
RUST = [
    Talk(
        "rustlings 的 quiz3 报 trait bound 不满足，该看哪一节？",
        "`the trait bound T: Display is not satisfied`，加上 `+ Display` 以后又说要 `Clone`。",
        votes=11,
        from_staff="看 traits 一节的第 4、5 题。两个约束可以一起写：`T: Display + Clone`，或者写在 `where` 里。",
    ),
    Talk("生命周期标注一定要手写吗？什么情况下可以省略？", votes=14),
    Talk("可以跳过 macros 一节先做后面的题吗？", votes=2, from_student="可以，每一题单独计分，顺序不影响总分。"),
]
