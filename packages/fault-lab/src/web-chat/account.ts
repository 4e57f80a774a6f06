/** A website chat of the product, as the shop's site knows it. */
export interface WebChatAccount {
  /** The product's id of the account. */
  id: string;
  /** Where the product is reached from here, `http://127.0.0.1:<port>`. */
  serverUrl: string;
  /** Origin of the pages that visitors are on; the account's `allowedOrigins` must name it. */
  origin: string;
  /** Signs customers in; null when the account has none. */
  identitySecret: string | null;
}

export interface WebChatSettings {
  /** How long after an agent's message the widget says that it arrived; null = never. */
  deliveredAfterMs: number | null;
  /** How long after that the visitor has read it; null = never. */
  readAfterMs: number | null;
}
