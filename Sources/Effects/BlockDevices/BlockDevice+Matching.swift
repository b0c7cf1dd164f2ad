package import SystemLayout

extension BlockDevice {
    /// Whether a reference names this device.
    ///
    /// File system UUIDs are compared without regard to case.
    ///
    /// A path is compared as text; links are followed by `DeviceWait`.
    package func matches(_ reference: DeviceReference) -> Bool {
        switch reference {
        case .partitionUUID(let value): partitionUUID == value
        case .partitionLabel(let value): partitionLabel == value
        case .label(let value): label == value
        case .uuid(let value): uuid?.lowercased() == value.lowercased()
        case .path(let path): path == self.path
        }
    }
}
