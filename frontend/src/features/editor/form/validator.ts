import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type {
  CustomValidator,
  ErrorSchema,
  ErrorTransformer,
  FormContextType,
  RJSFSchema,
  RJSFValidationError,
  UiSchema,
  ValidationData,
  ValidatorType,
} from '@rjsf/utils'
import { createErrorHandler, toErrorSchema, unwrapErrorHandler, validationDataMerge } from '@rjsf/utils'

/** Checks form data with @cfworker/json-schema, which compiles no code: it works under a strict content policy. */
export class SafeValidator<T, S extends RJSFSchema = RJSFSchema, F extends FormContextType = FormContextType>
  implements ValidatorType<T, S, F>
{
  rawValidation<Result>(schema: S, formData?: T): { errors?: Result[]; validationError?: Error } {
    try {
      const { errors } = this.validator(schema).validate(formData ?? null)
      return { errors: errors.map(asFormError) as Result[] }
    } catch (error) {
      return { validationError: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  isValid(schema: S, formData: T | undefined, rootSchema: S): boolean {
    const definitions = { $defs: rootSchema.$defs, definitions: rootSchema.definitions }
    try {
      return this.validator({ ...definitions, ...schema }).validate(formData ?? null).valid
    } catch {
      return false
    }
  }

  validateFormData(
    formData: T | undefined,
    schema: S,
    customValidate?: CustomValidator<T, S, F>,
    transformErrors?: ErrorTransformer<T, S, F>,
    uiSchema?: UiSchema<T, S, F>,
  ): ValidationData<T> {
    const { errors: raw = [], validationError } = this.rawValidation<RJSFValidationError>(schema, formData)
    const own = validationError ? [{ stack: validationError.message, message: validationError.message }] : raw
    const errors = transformErrors ? transformErrors(own, uiSchema) : own
    const found: ValidationData<T> = { errors, errorSchema: toErrorSchema<T>(errors) as ErrorSchema<T> }
    if (!customValidate || formData === undefined) return found
    const custom = customValidate(formData, createErrorHandler<T>(formData), uiSchema)
    return validationDataMerge<T>(found, unwrapErrorHandler<T>(custom))
  }

  private validator(schema: object): Validator {
    return new Validator(schema as ConstructorParameters<typeof Validator>[0], '2020-12', false)
  }
}

function asFormError(unit: OutputUnit): RJSFValidationError {
  const property = unit.instanceLocation.replace(/^#/, '').replaceAll('/', '.')
  return { name: unit.keyword, message: unit.error, property, stack: `${property} ${unit.error}`.trim() }
}
