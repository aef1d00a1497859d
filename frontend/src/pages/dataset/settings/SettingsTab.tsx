export default function SettingsTab() {
  return <h2 className="visually-hidden">Settings</h2>
}
