/// Reads the licences of a Debian package from its machine-readable copyright file (copyright-format 1.0).
struct CopyrightFile: Sendable {
    /// The most different licences that a package is said to have.
    private static let limit = 64
    /// The fields that are looked at.
    static let fields: Set<String> = ["Format", "Format-Specification", "Files", "License"]

    private var isFirst = true
    private var isReadable = false
    private var licenses: Set<LicenseExpression> = []

    /// Takes the next stanza.
    ///
    /// Stanzas without files that come later hold texts of licences, and say nothing of the package.
    mutating func take(_ stanza: [String: String]) {
        defer { isFirst = false }
        if isFirst {
            let format = stanza["Format"] ?? stanza["Format-Specification"] ?? ""
            isReadable = format.contains("copyright-format/1") || format.contains("dep5")
        }
        guard isReadable, isFirst || stanza["Files"] != nil else { return }
        guard let synopsis = stanza["License"] else {
            // The head need not have one, a stanza of files must.
            isReadable = isFirst
            return
        }
        guard let license = DebianLicense.expression(synopsis), licenses.count < Self.limit else {
            isReadable = false
            return
        }
        licenses.insert(license)
    }

    /// What the package as a whole is under; nil when the file cannot be read by a program, or not all of it is known.
    var license: LicenseExpression? { isReadable ? LicenseExpression.all(of: licenses) : nil }
}
