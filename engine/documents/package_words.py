"""What an evidence package says about itself in plain words, Chinese and English."""

from typing import Final

README_ZH: Final = """证据包说明
==========

本压缩包是一件事项的全部行权痕迹，任何人不需登录系统、不需联网即可核验其是否被改动过。

怎样核验
  1. 安装 Python 3.10 或更新版本，执行 pip install cryptography。
  2. 从压缩包中取出 verify.py，执行：python3 verify.py 本压缩包.zip
  3. 显示“UNALTERED 未被改动”即通过；显示“ALTERED 已被改动”时，同一行说明第一处问题在哪里。
  4. 把显示的签名密钥与政府网站或纪检监察机关公布的密钥核对。
  5. 如您自己保存过树头，执行：python3 verify.py 本压缩包.zip --head 树头.json

核验了什么
  * 压缩包的每一个字节都与打包时一致，清单（manifest.json）由系统的密钥签名。
  * 每条留痕（entries.jsonl）都含有前一条的哈希值，不能缺少、插入或调换。
  * 每条留痕都在一份总日志中（RFC 6962 默克尔树），日志的树头经签名并交由其他单位保存。
    因此，事后改写、删除最新条目、调换事项或恢复旧备份都会与别人手中的树头不符。
  * record.json 与密文留痕逐项一致；附件、照片、流程图、表单与留痕中记载的哈希值一致。
  * 有时间戳的树头可用 openssl 核验（time-stamps 目录，RFC 3161）。

证明不了什么
  * 办理人当时所填写的内容本身是否真实。
  * 未经时间戳的时间：为服务器时间。
  * 签名密钥若与公布的不同，则核验结果没有意义，请务必核对。

内容
  record.pdf            供阅读的记录（PDF/A-2b）
  record.json           同样内容，供程序读取
  entries.jsonl         系统保存的原始留痕，个人信息为密文
  case-key.txt          本事项的密钥：只能打开本事项的内容；个人信息依法销毁后没有此文件
  proofs.json           每条留痕在总日志中的证明，以及签名的树头
  model/ forms/ files/  办理时所用的流程图、决策表、表单；附件与照片原件
  four-properties.json  四性检测结果（DA/T 70：真实性、完整性、可用性、安全性）
  manifest.json/.sig    清单与签名

请妥善保管：本压缩包含有个人信息。
"""

README_EN: Final = """About this evidence package
===========================

It holds the whole trace of one case. Anybody can check that nothing was altered, without access to the system and
without the network.

How to check
  1. Install Python 3.10 or newer, and run: pip install cryptography
  2. Take verify.py out of the ZIP and run: python3 verify.py THIS.zip
  3. UNALTERED means well. ALTERED says in the same line where the first fault is.
  4. Compare the key that is shown with the one published by the government or the discipline body.
  5. If you kept a tree head yourself: python3 verify.py THIS.zip --head head.json

What is checked
  * Every byte of the ZIP is as it was packed; the list (manifest.json) is signed with the key of the system.
  * Every entry (entries.jsonl) holds the hash of the one before: none can be left out, put in or swapped.
  * Every entry stands in one log over everything (a Merkle tree, RFC 6962) whose heads are signed and kept by others.
    So rewriting, removing the newest entries, swapping cases or restoring an old backup contradicts what others hold.
  * record.json says what the sealed entries say; attachments, photos, models and forms are those that entries name.
  * Heads with a time stamp can be checked with openssl (folder time-stamps, RFC 3161).

What it does not prove
  * That what somebody filled in was true.
  * Times without a time stamp: they are those of the server.
  * Anything, if the key is not the published one. Compare it.

Contents
  record.pdf            the record for readers (PDF/A-2b)
  record.json           the same for programs
  entries.jsonl         the entries as the system keeps them, personal data encrypted
  case-key.txt          the key of this case: opens this case only; missing once personal data was erased by law
  proofs.json           the place of each entry in the log, and signed tree heads
  model/ forms/ files/  models, decisions and forms of that time; attachments and photos as they were handed in
  four-properties.json  the four properties (DA/T 70: authenticity, integrity, usability, security)
  manifest.json/.sig    the list and its signature

Keep it safe: it holds personal data.
"""
