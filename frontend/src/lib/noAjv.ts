/**
 * Stands in for @rjsf/validator-ajv8, which @rjsf/core imports for a helper of its own tests only. AJV compiles code
 * at run time and so cannot work under our content policy; forms are checked with @cfworker/json-schema.
 */
export default {}
