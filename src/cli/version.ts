/** The version of check-image, put in by the build. */
declare const CHECK_IMAGE_VERSION: string;

export const version: string = CHECK_IMAGE_VERSION;
