export default function StatisticsTab() {
  return <h2 className="visually-hidden">Statistics</h2>
}
