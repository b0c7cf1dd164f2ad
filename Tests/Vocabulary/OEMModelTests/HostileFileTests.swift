import DocumentTree
import OEMModel
import Testing

@Suite("A file of configuration that means harm, or nothing")
struct HostileFileTests {
    /// Texts, what they take away, and how the first remark begins.
    static let harmful: [(text: String, level: OEMRemark.Level, reason: String)] = [
        ("a\u{0}b: c", .file, "control characters are not allowed"),
        ("a: \"\u{7F}\"", .file, "control characters"),
        ("? [a, b]\n: c", .file, "a key must be a text"),
        ("? {a: b}\n: c", .file, "a key must be a text"),
        ("a: &x b\n*x : c", .file, "a key must be a text"),
        ("a: &x [*x]", .file, "there is no whole value with the anchor '&x' before this alias"),
        ("a: *x\nb: &x c", .file, "there is no whole value with the anchor '&x' before this alias"),
        ("a: &x {<<: *x}", .file, "there is no whole value with the anchor '&x' before this alias"),
        ("a: {<<: text}", .file, "'<<' must be a mapping"),
        ("a: {<<: [{b: c}, text]}", .file, "an element of '<<' must be a mapping"),
        ("%YAML 9.9\n---\na: b", .file, "found incompatible YAML document"),
        (
            "a: !!python/object:os.system x", .file,
            "the tag 'tag:yaml.org,2002:python/object:os.system' is not accepted"
        ),
        ("a: !<tag:example.org,2000:x> y", .file, "the tag 'tag:example.org,2000:x' is not accepted"),
        ("a: b\n---\nc: d", .file, "a second document"),
        ("a: b\n...\n--- c", .file, "a second document"),
        ("a:\n\t- b", .file, "found character that cannot start any token"),
        ("- a\n- b", .file, "a file of configuration must be a mapping"),
        ("stages: &s\n  boot: *s", .file, "there is no whole value"),
        ("stages: {boot: {a: b}}", .step, "the stage boot must be a list"),
        ("stages: {boot: [[[]]]}", .step, "a step must be a mapping"),
        ("stages: {boot: [{users: {u: {uid: 99999999999999999999}}}]}", .step, "uid must be"),
        ("stages: {boot: [{users: {u: {uid: -1}}}]}", .step, "uid must be"),
        ("stages: {boot: [{files: [{path: /a, permissions: 07777777777777777777777}]}]}", .step, "permissions must be"),
        ("stages: {boot: [{files: [{path: /a, owner: 4294967296}]}]}", .step, "owner must be"),
        ("stages: {boot: [{files: [{path: '/a/../../b'}]}]}", .step, "path must"),
        ("stages: {boot: [{files: [{path: \"/a\\0b\"}]}]}", .step, "path must"),
        ("stages: {boot: [{files: [{path: relative}]}]}", .step, "path must"),
        ("stages: {boot: [{layout: {expand_partition: {size: 18446744073709551616}}}]}", .step, "size must be"),
        ("#cloud-config\nwrite_files: [{path: /a, content: '*', encoding: b64}]", .step, "content"),
        ("#cloud-config\nmounts: [[a, b, c, d, e, f, g]]", .step, "a line of mounts must have one to six fields"),
        ("#cloud-config\nswap: {filename: /s, size: 99999999999999999999G}", .step, "size must be"),
        ("#cloud-config\npower_state: {mode: reboot, delay: +99999999999999999999}", .step, "delay must be"),
    ]

    @Test("takes away no more than it must, and says why", arguments: harmful)
    func texts(text: String, level: OEMRemark.Level, reason: String) {
        let file = OEMFile.parse(Array(text.utf8))
        #expect(file.worst == level, "\(file.remarks)")
        #expect(file.remarks.contains { $0.level == level && $0.reason.hasPrefix(reason) }, "\(file.remarks)")
    }

    /// Bytes that are no UTF-8, in each place that a text has.
    static let undecodable: [[UInt8]] = [
        [0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00], [0xFE, 0xFF, 0x00, 0x61], Array("a: ".utf8) + [0xC0, 0xAF],
        [0xED, 0xA0, 0x80] + Array(": a".utf8), Array("a: b # ".utf8) + [0xFF],
        Array("a: &".utf8) + [0xC3, 0x28, 0x20],
        Array("a: !".utf8) + [0xC3, 0x28], Array("a: \"".utf8) + [0xF4, 0x90, 0x80, 0x80, 0x22],
    ]

    @Test("of other bytes than UTF-8 is refused", arguments: undecodable)
    func encodings(bytes: [UInt8]) { #expect(OEMFile.parse(bytes).worst == .file) }

    /// Texts of a megabyte, by what of reading could take more than its share of time, and what is said in the end.
    static let large: [(name: String, text: String, reason: String?)] = [
        ("sequences", String(repeating: "[", count: 1 << 20), "nested deeper than 64"),
        ("lists", String(repeating: "- ", count: 1 << 19), "nested deeper than 64"),
        ("mappings", String(repeating: "{a: ", count: 1 << 18), "nested deeper than 64"),
        ("keys", (0..<100_000).map { "k\($0):\n" }.joined(), "there are more than 256 remarks"),
        (
            "keys of cloud-init", "#cloud-config\n" + (0..<100_000).map { "k\($0):\n" }.joined(),
            "there are more than 256 remarks"
        ),
        (
            "wrong keys", "stages:\n  boot:\n" + (0..<60_000).map { "  - k\($0): 1\n" }.joined(),
            "there are more than 256 remarks"
        ),
        (
            "stages", "stages:\n" + (0..<60_000).map { "  s\($0): [{}]\n" }.joined(),
            "there are more than 256 stages"
        ),
        (
            "wrong users", "#cloud-config\nusers:\n" + (0..<2_000).map { "- {nmae: u\($0)}\n" }.joined(),
            "there are more than 256 remarks"
        ),
        ("steps", "stages:\n  boot:\n" + String(repeating: "  - {if: x}\n", count: 20_000), nil),
        (
            "merged", "a: &a {x: 1}\nb: {<<: [" + String(repeating: "*a, ", count: 200_000) + "]}",
            "the aliases stand for more than"
        ),
        ("anchors", String(repeating: "&a ", count: 300_000) + "b", "did not find expected <document start>"),
        ("too large", String(repeating: "#", count: (1 << 20) + 1), "longer than 1048576 bytes"),
    ]

    @Test("of a megabyte is read in a time that a boot can wait", .timeLimit(.minutes(10)), arguments: large)
    func floods(name: String, text: String, reason: String?) {
        let file = OEMFile.parse(Array(text.utf8))
        #expect((file.worst == .file) == (reason != nil))
        #expect(
            reason.map { reason in file.remarks.contains { $0.reason.hasPrefix(reason) } } ?? true, "\(file.remarks)")
    }
}
