/** Why someone reports a message. */
export const REPORT_REASONS = ['spam', 'abuse', 'other'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

/** Maximum length of a report's note, in Unicode code points. */
export const REPORT_NOTE_MAX_CODE_POINTS = 500;
