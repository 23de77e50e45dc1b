export { DataPreview } from './DataPreview'
export { DataTable } from './DataTable'
export { PictureView } from './PictureView'
export { TextView } from './TextView'
