import PackageModel
package import PackageSelection

extension OfferedPackage {
    /// Name, version and architecture.
    package var identity: String { "\(metadata.name) \(metadata.version) \(metadata.architecture)" }
}
