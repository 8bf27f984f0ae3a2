"""Renders the chat templates of the twins with transformers (Jinja2), for tests/unit/bridge/chat.test.ts.

    npx tsx -e "import('./tests/twins/chatTemplates.ts').then((m) => console.log(JSON.stringify(m.chatTemplates)))" \
        | python tests/twins/render_chats.py > tests/fixtures/chat/rendered.json
"""
import json
import sys

import transformers
from transformers.utils.chat_template_utils import render_jinja_template

ASKED = {"role": "user", "content": "Solve it:\n\n  ¿Cuántas manzanas tiene Ana, 12 + 5?\n"}
WORKED = [
    {"role": "user", "content": "Solve it:\n\n2+3?"},
    {"role": "assistant", "content": "2+3=<<2+3=5>>5\n#### 5"},
]
CONVERSATIONS = {"asked": [ASKED], "worked": [*WORKED, ASKED]}
VARIABLES = [{}, {"enable_thinking": False}, {"enable_thinking": True}]

rendered = []
for name, template in json.load(sys.stdin).items():
    for messages in CONVERSATIONS.values():
        for variables in VARIABLES if name == "qwen3" else VARIABLES[:1]:
            (text,), _ = render_jinja_template(
                [messages], chat_template=template, add_generation_prompt=True, **variables
            )
            rendered.append(
                {"template": name, "turns": messages, "variables": variables, "text": text}
            )
json.dump({"transformers": transformers.__version__, "rendered": rendered}, sys.stdout, indent=1, ensure_ascii=False)
print()
