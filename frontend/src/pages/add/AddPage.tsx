export default function AddPage() {
  return <h1>AddPage</h1>
}
