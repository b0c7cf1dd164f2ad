/// Reads the short names of licences in Debian's copyright files (copyright-format 1.0, "License specification").
enum DebianLicense {
    /// Names that are not SPDX's, in lower case.
    private static let others = [
        "expat": "MIT", "apache-2": "Apache-2.0", "artistic": "Artistic-1.0", "artistic-1": "Artistic-1.0",
        "artistic-2": "Artistic-2.0", "perl": "Artistic-1.0-Perl OR GPL-1.0-or-later", "cc0": "CC0-1.0",
        "boost-1.0": "BSL-1.0", "bsd-2-clauses": "BSD-2-Clause", "bsd-3-clauses": "BSD-3-Clause",
        "mpl-1": "MPL-1.0", "mpl-2": "MPL-2.0", "psf-2": "PSF-2.0", "sil-1.1": "OFL-1.1", "epl-1": "EPL-1.0",
        "epl-2": "EPL-2.0", "gfdl-niv-1.2": "GFDL-1.2-no-invariants-only",
        "gfdl-niv-1.2+": "GFDL-1.2-no-invariants-or-later", "gfdl-niv-1.3": "GFDL-1.3-no-invariants-only",
        "gfdl-niv-1.3+": "GFDL-1.3-no-invariants-or-later", "lgpl-2": "LGPL-2.0-only",
    ]

    /// The expression that a synopsis such as `GPL-2+ or Artistic` means; nil unless all of its names are SPDX's.
    ///
    /// `and` goes before `or`; with commas, which change that, it is not read.
    static func expression(_ synopsis: String) -> LicenseExpression? {
        let words = synopsis.split(whereSeparator: \.isWhitespace).map(String.init)
        var alternatives: [String] = []
        for alternative in words.split(separator: "or", omittingEmptySubsequences: false) {
            var terms: [LicenseExpression] = []
            for term in alternative.split(separator: "and", omittingEmptySubsequences: false) {
                guard term.count == 1, let name = term.first, let expression = license(name) else { return nil }
                terms.append(expression)
            }
            guard let all = LicenseExpression.all(of: terms) else { return nil }
            alternatives.append(all.description)
        }
        return LicenseExpression(alternatives.joined(separator: " OR "))
    }

    /// One name: SPDX's, one of Debian's own, or one of GNU's with a version of one number.
    private static func license(_ name: String) -> LicenseExpression? {
        if let other = others[name.lowercased()] { return LicenseExpression(other) }
        if let known = LicenseExpression.license(name) { return LicenseExpression(known: known) }
        let later = name.hasSuffix("+") ? "+" : ""
        return LicenseExpression.license(String(name.dropLast(later.count)) + ".0" + later)
            .map { LicenseExpression(known: $0) }
    }
}
