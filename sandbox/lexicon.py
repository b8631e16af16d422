"""Words for the search: which say nothing, which mean the same, and what Chinese terms are called in the documents."""

STOP_WORDS = frozenset(
    """
    a an and any are as at be been but by can could did do does for from get give had has have how i if in into is it
    its me my of on or our please say should so some tell than that the their them then there these they this those
    to too us use used using want was we were what when where which who why will with without would you your about
    explain describe show add own change put work works working thing things make makes site chatsite know need
    的 了 是 我 你 吗 怎 么 请 什 在 有 和 这 个 们 呢 啊 要 会 能
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is harder to read
)
SAME = {  # other words for what the documents speak of
    "picture": "image",
    "photo": "image",
    "price": "cost",
    "login": "sign",
    "signin": "sign",
    "setup": "install",
    "config": "setting",
    "configure": "setting",
    "option": "setting",
    "credit": "balance",
    "chat": "conversation",
    "server": "provider",
    "backend": "upstream",
    "begin": "start",
    "launch": "run",
    "cancel": "stop",
}
_TERMS = """
密钥=key 模型=model 余额=balance 价格=cost,price 费用=cost,price 文件=file 图片=image 图像=image 对话=conversation
聊天=conversation 消息=message 流式=stream 安装=install 运行=run 启动=start,run,serve 测试=test 设置=setting
配置=setting,environment 数据库=database 搜索=search 停止=stop 重试=retry 错误=error 登录=sign,in 注册=sign,up
账号=account 密码=password 语言=language 部署=deploy 环境变量=environment,variable 沙盒=sandbox 工具=tool
函数=function,tool 接口=api,endpoint 服务器=server 服务商=provider 备份=backup 升级=upgrade 安全=security
隐私=privacy 限制=limit 令牌=token 翻译=translation 浏览器=browser 键盘=keyboard 上传=upload 下载=download
导出=export 分享=share 继续=continue 编辑=edit 删除=delete 标题=title 管理=admin 端口=port 邮件=mail 代理=proxy
日志=log 性能=performance,benchmark 集群=cluster,redis 进程=process
密鑰=key 餘額=balance 價格=cost,price 費用=cost,price 圖片=image 圖像=image 對話=conversation 訊息=message
安裝=install 運行=run 啟動=start,run,serve 測試=test 設定=setting 資料庫=database 搜尋=search 重試=retry
錯誤=error 登入=sign,in 註冊=sign,up 帳號=account 密碼=password 語言=language 環境變數=environment,variable
函式=function,tool 伺服器=server 備份=backup 升級=upgrade 隱私=privacy 瀏覽器=browser 鍵盤=keyboard 上傳=upload
下載=download 匯出=export 繼續=continue 編輯=edit 刪除=delete 標題=title 郵件=mail 行程=process
"""
GLOSSARY = {term: english.replace(",", " ") for term, _, english in (one.partition("=") for one in _TERMS.split())}
