/** The PHC string format of scrypt: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, both in base64 without padding. */
export const PASSWORD_HASH =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,88})\$([A-Za-z0-9+/]{43,88})$/;

/** Of the right form, and of no password that anybody knows. */
export const NOBODYS_HASH =
  '$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
