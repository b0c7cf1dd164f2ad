import LinuxSystem
import SeededNumbers
import Testing

@testable import PackageModel

@Suite("Versions of packages")
struct PackageVersionTests {
    @Test(
        "are ordered by parts, not as texts",
        arguments: [
            [
                "1.0~rc1", "1.0", "1.0-1", "1.0-1+b1", "1.0-1.1", "1.0-2", "1.0-10", "1.0a", "1.0+git1", "1.0.1",
                "1.10", "2",
            ],
            ["9", "1:0.1", "1:0.2", "2:0"], ["1~~", "1~~a", "1~", "1", "1a"],
        ])
    func order(sorted: [String]) throws {
        let versions = try sorted.map { try PackageVersion(parsing: $0) }
        for (index, one) in versions.enumerated() {
            for (place, other) in versions.enumerated() {
                #expect(one.compared(to: other).signum() == (index - place).signum(), "\(one) and \(other)")
            }
        }
    }

    @Test("are equal when only zeros in front, an epoch of 0 or a revision of 0 differ")
    func equals() throws {
        for (one, other) in [("1.0", "1.00"), ("0:1.0", "1.0"), ("1.0", "1.0-0")] {
            #expect(try PackageVersion(parsing: one).compared(to: PackageVersion(parsing: other)) == 0)
            #expect(try PackageVersion(parsing: one) != PackageVersion(parsing: other))
        }
    }

    @Test(
        "that are none are refused",
        arguments: ["", "a", "1_0", "1.0-", ":1", "1:", "a:1", "1:2:3", "1 0", "1/0", "ä1", "-1"])
    func refused(text: String) {
        #expect(throws: PackageTextError.self) { try PackageVersion(parsing: text) }
    }

    @Test("are refused when they are longer than 64 bytes")
    func long() throws {
        #expect(throws: PackageTextError.self) { try PackageVersion(parsing: String(repeating: "1", count: 65)) }
        let long = try PackageVersion(parsing: String(repeating: "1", count: 64))
        #expect(long.compared(to: try PackageVersion(parsing: "2")) > 0)
    }

    @Test("are ordered as dpkg orders them")
    func asDpkg() throws {
        var numbers = SeededGenerator(seed: 7)
        var pairs: [(PackageVersion, PackageVersion)] = []
        while pairs.count < 150 {
            guard let one = Self.drawn(&numbers), let other = Self.drawn(&numbers) else { continue }
            pairs.append((one, other))
        }
        let script = pairs.map {
            "dpkg --compare-versions '\($0.0)' lt '\($0.1)' && echo -1 || { "
                + "dpkg --compare-versions '\($0.0)' eq '\($0.1)' && echo 0 || echo 1; }"
        }.joined(separator: "\n")
        let outcome = try ChildProcess.run(
            "sh", ["-c", script], output: .capture(atMost: 1 << 16), timeout: .seconds(60)
        ).requireSuccess()
        let orders = String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").map { Int($0) }
        #expect(orders.count == pairs.count)
        for (pair, order) in zip(pairs, orders) {
            #expect(pair.0.compared(to: pair.1).signum() == order, "\(pair.0) and \(pair.1)")
        }
    }

    private static func drawn(_ numbers: inout SeededGenerator) -> PackageVersion? {
        let count = Int.random(in: 0...7, using: &numbers)
        let text = (0..<count).compactMap { _ in "0019.ab+~-Z".randomElement(using: &numbers) }
        let epoch = ["", "", "", "1:", "0:"].randomElement(using: &numbers) ?? ""
        return try? PackageVersion(parsing: "\(epoch)\("0129".randomElement(using: &numbers) ?? "1")\(String(text))")
    }
}
