/// Who lays files there.
package enum OEMSource: String, CaseIterable, Sendable {
    /// The image: `/system/oem`.
    case image
    /// The OEM partition: `/oem`.
    case oem
    /// The persistent partition: `/usr/local/cloud-config`.
    case persistent
    /// The kernel's command line: `lifeboot.setup=`.
    case commandLine = "command-line"
    /// A data source.
    case instance
    /// Whoever typed its path.
    case given
}
