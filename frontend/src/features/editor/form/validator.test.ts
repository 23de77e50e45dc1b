import type { RJSFSchema } from '@rjsf/utils'
import { expect, test } from 'vitest'
import { SafeValidator } from './validator'

const validator = new SafeValidator<Record<string, unknown>>()
const schema: RJSFSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 2 }, size: { $ref: '#/$defs/size' } },
  $defs: { size: { type: 'integer', minimum: 1 } },
}

test('data that fits is valid', () => {
  expect(validator.isValid(schema, { name: 'ab', size: 3 }, schema)).toBe(true)
  expect(validator.validateFormData({ name: 'ab' }, schema).errors).toEqual([])
})

test('data that does not fit says where', () => {
  expect(validator.isValid(schema, { name: 'ab', size: 0 }, schema)).toBe(false)
  const { errors, errorSchema } = validator.validateFormData({ name: 'a' }, schema)
  expect(errors.some(error => error.property === '.name')).toBe(true)
  expect(errorSchema).toHaveProperty('name')
})

test('a part of a schema finds the definitions of the whole', () => {
  expect(validator.isValid({ $ref: '#/$defs/size' }, 0 as never, schema)).toBe(false)
  expect(validator.isValid({ $ref: '#/$defs/size' }, 2 as never, schema)).toBe(true)
})

test('a schema that is none makes nothing valid, and does not throw', () => {
  expect(validator.isValid({ $ref: '#/$defs/nowhere' }, {}, {})).toBe(false)
})
