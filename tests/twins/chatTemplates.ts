// The chat templates of the presets as their tokenizer_config.json has them, less the parts about tools and images.

function chatMl(before: string, after = ''): string {
  return (
    before +
    "{%- for message in messages %}{%- if (message.role == 'user') or (message.role == 'system' and not loop.first) or (message.role == 'assistant') %}" +
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}{%- endif %}{%- endfor %}" +
    `{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}${after}{%- endif %}`
  );
}

/** What stands before the messages: the system message, or one in its place. */
function system(absent: string): string {
  const given =
    "{%- if messages[0]['role'] == 'system' %}{{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}";
  return `${given}{%- else %}{{- '<|im_start|>system\\n${absent}<|im_end|>\\n' }}{%- endif %}`;
}

export const chatTemplates = {
  smollm2:
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
  'qwen2.5': chatMl(system('You are Qwen, created by Alibaba Cloud. You are a helpful assistant.')),
  'qwen2.5-math': chatMl(
    system('Please reason step by step, and put your final answer within \\\\boxed{}.'),
  ),
  qwen3: chatMl(
    "{%- if messages[0].role == 'system' %}{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}{%- endif %}",
    "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}",
  ),
};
