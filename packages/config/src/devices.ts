/** Most devices of a person that receive pushes. Another one replaces the one that was unused for the longest. */
export const DEVICES_MAX = 10;

/** Maximum length of a device's name, in code points. */
export const DEVICE_NAME_MAX_CODE_POINTS = 80;
