/// The version of both programs; the packager sets it together with the changelog.
package enum ProgramVersion {
    /// As `major.minor.patch`.
    package static let text = "0.1.0"
}
