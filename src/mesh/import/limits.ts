/** What the importer takes; beyond it a document is refused with a reason, so that time and memory stay bounded. */
export const importLimits = {
  /** Bytes of one file: what CloudFormation takes, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
  fileBytes: 1024 * 1024,
  /** Bytes of all files together. */
  totalBytes: 16 * 1024 * 1024,
  /** Files of one run. */
  files: 2_000,
  /** Folders inside each other. */
  folderDepth: 32,
  /** Documents in one file. */
  documents: 1_000,
  /** Collections inside each other. */
  nesting: 64,
  /** Values in one file, each alias counted with everything it stands for. */
  values: 150_000,
  /** Characters of one text that a template's functions make. */
  text: 32_768,
  /** Words, signs and spaces of one file. */
  tokens: 500_000,
} as const;
