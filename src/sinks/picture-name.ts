/** What the last part of `image.ref` looks like, such as `drive-20261125T022958.074Z-3-0.jpg`: only such files are ours. */
export const PICTURE_NAME = /^[^/]+-\d{8}T\d{6}\.\d{3}Z-\d+-\d+\.jpg$/;
