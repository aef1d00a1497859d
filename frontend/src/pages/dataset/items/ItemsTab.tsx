export default function ItemsTab() {
  return <h2 className="visually-hidden">Items</h2>
}
