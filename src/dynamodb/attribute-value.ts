/** A value in DynamoDB JSON as it stands on the wire: `{"S":"text"}`, `{"N":"1.5"}`, `{"B":"base64"}`, `{"M":{…}}`. */
export type RawAttributeValue = Readonly<Record<string, unknown>>;

/** An item, or the key attributes of one, in DynamoDB JSON. */
export type RawItem = Readonly<Record<string, RawAttributeValue>>;
