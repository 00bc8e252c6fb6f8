/** True for a topic that a message can have: no wildcard, not empty. */
export const isTopic = (text: string): boolean => text.length > 0 && !/[+#\0]/.test(text);

/** True for a filter that can be subscribed: `+` fills a level, `#` stands last. */
export const isFilter = (text: string): boolean =>
  text.length > 0 && !text.includes('\0') && text.split('/').every((level, index, all) => /^(\+|[^+#]*)$/.test(level) || (level === '#' && index === all.length - 1));

/** Whether a filter takes a topic. Wildcards in front do not take topics of `$`. */
export const filterTakes = (filter: string, topic: string): boolean => {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    // `a/#` takes `a` too.
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
};
