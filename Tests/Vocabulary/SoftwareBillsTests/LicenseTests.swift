import Testing

@testable import SoftwareBills

@Suite("Licences")
struct LicenseTests {
    @Test(
        "expressions are read as SPDX has them, and identifiers spelled as in its list",
        arguments: [
            ("MIT", "MIT"), ("mit", "MIT"), ("GPL-2.0+", "GPL-2.0-or-later"), ("GPL-2.0", "GPL-2.0-only"),
            ("MIT AND (Apache-2.0 OR  ISC)", "MIT AND (Apache-2.0 OR ISC)"), ("mit and isc", "MIT AND ISC"),
            ("GPL-2.0-only WITH Linux-syscall-note", "GPL-2.0-only WITH Linux-syscall-note"),
            ("", nil), ("custom", nil), ("MIT AND", nil), ("MIT ISC", nil), ("(MIT", nil), ("MIT)", nil),
            ("MIT WITH MIT", nil), ("GPL-9.0+", nil), ("AND", nil),
            (String(repeating: "(", count: 17) + "MIT" + String(repeating: ")", count: 17), nil),
            (String(repeating: "(", count: 3000), nil),
        ])
    func expressions(_ text: String, _ expected: String?) {
        #expect(LicenseExpression(text)?.description == expected)
    }

    @Test(
        "Debian's short names are SPDX's where that is sure",
        arguments: [
            ("GPL-2+", "GPL-2.0-or-later"), ("GPL-3", "GPL-3.0-only"), ("LGPL-2.1+", "LGPL-2.1-or-later"),
            ("Expat", "MIT"), ("BSD-3-clause", "BSD-3-Clause"), ("Apache-2.0 or MIT", "Apache-2.0 OR MIT"),
            ("GPL-2+ and BSD-2-clause or Artistic", "BSD-2-Clause AND GPL-2.0-or-later OR Artistic-1.0"),
            ("public-domain", nil), ("GPL-2+ with exception", nil), ("GPL-2+, and MIT", nil), ("", nil), ("or", nil),
            ("and MIT", nil),
        ])
    func debian(_ text: String, _ expected: String?) {
        #expect(DebianLicense.expression(text)?.description == expected)
    }

    @Test("several are joined sorted, each once, alternatives in parentheses")
    func joining() {
        let all = ["MIT", "Apache-2.0 OR ISC", "MIT", "0BSD"].compactMap { LicenseExpression($0) }
        #expect(LicenseExpression.all(of: all)?.description == "0BSD AND (Apache-2.0 OR ISC) AND MIT")
        #expect(LicenseExpression.all(of: []) == nil)
        #expect(LicenseExpression.all(of: [all[1]])?.description == "Apache-2.0 OR ISC")
    }
}
