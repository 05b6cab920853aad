/** What went wrong with a broker, for the log: a sentence and what the operator can do. */
export interface BrokerFault {
  readonly sentence: string;
  readonly hint: string;
}
