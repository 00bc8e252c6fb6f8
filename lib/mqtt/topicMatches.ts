/** True for a topic a message can be published to: not empty, no wildcard, no NUL. */
export const isTopic = (topic: string): boolean => topic !== '' && !/[+#\0]/.test(topic);

/** True for a filter: `+` fills a level of its own, `#` only the last one. */
export const isTopicFilter = (filter: string): boolean => filter !== '' && /^(?:\+|[^+#/\0]*)(?:\/(?:\+|[^+#/\0]*))*(?:(?:^|\/)#)?$/.test(filter.replace(/^#$/, '/#'));

/**
 * Whether a filter takes a topic, by the rules of MQTT 3.1.1 §4.7: `+` is any one level, also an empty one, `#` the rest, also none (`a/#` takes `a`), and a
 * wildcard in front takes no topic that begins with `$`. Letters count by case. Both must be valid.
 */
export const topicMatches = (filter: string, topic: string): boolean => {
  // Brokers that share a subscription among clients deliver by the filter behind the name of the group (MQTT 5 §4.8.2, with 3.1.1 clients too).
  const [, shared] = /^\$share\/[^+#/]+\/(.+)$/s.exec(filter) ?? [];
  if (shared !== undefined) return topicMatches(shared, topic);
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const levels = topic.split('/');
  const wanted = filter.split('/');
  const open = wanted[wanted.length - 1] === '#';
  const fixed = open ? wanted.slice(0, -1) : wanted;
  const long = open ? levels.length >= fixed.length : levels.length === fixed.length;
  return long && fixed.every((level, index) => level === '+' || level === levels[index]);
};
