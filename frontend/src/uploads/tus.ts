import { Upload } from 'tus-js-client'
import type { MakeUpload } from './transfer'

export const makeUpload: MakeUpload = (blob, options) => new Upload(blob, options)
