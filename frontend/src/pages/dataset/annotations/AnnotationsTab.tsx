export default function AnnotationsTab() {
  return <h2 className="visually-hidden">Annotations</h2>
}
