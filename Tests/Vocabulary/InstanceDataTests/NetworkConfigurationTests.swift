import DocumentTree
import JSONText
import SeededNumbers
import Testing
import YAMLDocuments

@testable import InstanceData

@Suite("Network configuration")
struct NetworkConfigurationTests {
    static func read(_ text: String) throws -> NetworkConfiguration {
        try NetworkConfiguration(try #require(try YAMLDocument.parse(Array(text.utf8), references: .expanded)))
    }

    static func text(_ configuration: NetworkConfiguration) -> String {
        configuration.files.map { "# \($0.name)\n\($0.text)" }.joined(separator: "\n")
    }

    @Test("every sample becomes exactly these files", arguments: NetworkSamples.all)
    func sample(sample: NetworkSamples.Sample) throws {
        let configuration = try Self.read(sample.text)
        #expect(Self.text(configuration) == sample.files)
        #expect(configuration.remarks.map(\.reason) == sample.remarks)
    }

    @Test("a JSON document is read as it is written in YAML", arguments: NetworkSamples.openStack)
    func json(sample: NetworkSamples.Sample) throws {
        let value = try JSONValue(parsing: Array(sample.text.utf8))
        #expect(try Self.text(NetworkConfiguration(DocumentNode(value))) == sample.files)
    }

    @Test("the key 'network' may be around it or not")
    func wrapped() throws {
        let inner = "version: 2\nethernets:\n  eth0: {dhcp4: true}\n"
        let outer = "network: {version: 2, ethernets: {eth0: {dhcp4: yes}}}\n"
        #expect(try Self.read(inner).files == Self.read(outer).files)
        #expect(try Self.read(inner).files.count == 1)
    }

    @Test("a disabled configuration leaves the network as it is, and says so")
    func disabled() throws {
        let configuration = try Self.read("network: {config: disabled}")
        #expect(configuration.files.isEmpty)
        #expect(configuration.remarks.count == 1)
    }

    @Test(
        "what is no network configuration is an error",
        arguments: ["version: 3", "a: b", "- a", "version: 2\nethernets: {}\nversoin: 1"])
    func wrong(text: String) throws {
        if text.hasPrefix("version: 2") {
            #expect(try Self.read(text).remarks.first?.reason.contains("did you mean 'version'") == true)
        } else {
            #expect(throws: DocumentError.self) { try Self.read(text) }
        }
    }

    static let slips: [(String, String)] = [
        ("mtu: 10", "mtu must be a whole number"), ("dhpc6: true", "did you mean 'dhcp6'"),
        ("gateway4: 2001:db8::1", "IPv4"),
        ("addresses: [192.0.2.7]", "prefix length"), ("routes: [{to: 10.0.0.0/8, via: '2001:db8::1'}]", "one family"),
        ("routes: [{via: 192.0.2.1, metrc: 1}]", "did you mean 'metric'"),
        ("nameservers: {addresses: [x]}", "no address"),
        ("dhcp4-overrides: {use-dsn: false}", "did you mean 'use-dns'"),
        ("match: {macaddress: 'zz:00'}", "hardware address"),
        ("nameservers: {search: [\"a\\nDHCP=no\"]}", "a domain"), ("set-name: a/b", "name of an interface"),
        ("accept-ra: perhaps", "true or false"), ("addresses: {a: b}", "must be a list"),
        ("optional-addresses: [x]", "unknown key"),
    ]

    @Test("a slip is a remark with its place, and all else counts", arguments: slips)
    func slip(line: String, words: String) throws {
        let text = "version: 2\nethernets:\n  eth0:\n    dhcp4: true\n    \(line)\n    wakeonlan: true\n"
        let configuration = try Self.read(text)
        let remark = try #require(configuration.remarks.first)
        #expect(configuration.remarks.count == 1)
        #expect(remark.reason.contains(words) && remark.mark.line == 5)
        #expect(configuration.files.map(\.name) == ["10-lifeboot-eth0.link", "10-lifeboot-eth0.network"])
        #expect(configuration.files.last?.text.hasSuffix("[Network]\nDHCP=ipv4\n") == true)
    }

    static let contradictions: [(String, String)] = [
        ("dhcp6: true\n    link-local: []", "DHCPv6 needs"), ("dhcp6: true\n    link-local: [ipv4]", "DHCPv6 needs"),
        ("addresses: [{'2001:db8::7/64': {label: a}}]", "no label"),
    ]

    static let items: [(String, String)] = [
        ("{type: physical, name: eth0, subnets: [{type: dhcp}]}", "described twice"),
        ("{type: physical, subnets: [{type: dhcp}]}", "needs a name"),
        ("{type: vlan, name: v7, vlan_id: 7}", "vlan_link"),
        ("{type: route, gateway: 198.51.100.1}", "no interface has an address"),
        ("{type: route, gateway: x}", "no address"),
        ("{type: tunnel, name: t0}", "'tunnel' is not supported"),
    ]

    @Test("an item of version 1 that cannot be used is left out with a remark", arguments: items)
    func item(text: String, words: String) throws {
        let interfaces = "{type: physical, name: eth0}, {type: physical, name: eth1}"
        let plain = try Self.read("version: 1\nconfig: [\(interfaces)]")
        let configuration = try Self.read("version: 1\nconfig: [\(interfaces), \(text)]")
        #expect(configuration.files == plain.files && plain.remarks.isEmpty)
        #expect(configuration.remarks.map { $0.reason.contains(words) } == [true])
    }

    @Test("a subnet of an unknown type is left out with the nearest known one")
    func subnet() throws {
        let text = "version: 1\nconfig: [{type: physical, name: eth0, subnets: [{type: dhpc4}, {type: static}]}]"
        let configuration = try Self.read(text)
        #expect(configuration.remarks.count == 2)
        #expect(configuration.remarks.first?.reason.contains("did you mean 'dhcp4'") == true)
        #expect(configuration.files.first?.text.contains("DHCP=no") == true)
    }

    @Test("what systemd-networkd could not do is left out with a remark", arguments: contradictions)
    func contradiction(lines: String, words: String) throws {
        let configuration = try Self.read("version: 2\nethernets:\n  eth0:\n    \(lines)\n")
        #expect(configuration.remarks.map { $0.reason.contains(words) } == [true])
        let text = try #require(configuration.files.first).text
        #expect(text.contains("DHCP=no\n"))
        for word in ["Label", "LinkLocalAddressing=ipv6"] {
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix(word) })
        }
    }

    @Test("a slip in a list or mapping does not take its neighbours away")
    func neighbours() throws {
        let text = """
            version: 2
            ethernets:
              eth0:
                addresses: [192.0.2.7/24, x, 192.0.2.8/24]
                nameservers: {addresses: [192.0.2.1, y, 192.0.2.2], odd: 1, search: [a.example]}
            """
        let configuration = try Self.read(text)
        #expect(configuration.remarks.count == 3)
        let file = try #require(configuration.files.first).text
        #expect(file.contains("DNS=192.0.2.1\nDNS=192.0.2.2\nDomains=a.example\n"))
        #expect(file.contains("Address=192.0.2.7/24\n") && file.contains("Address=192.0.2.8/24\n"))
    }

    @Test(
        "kinds that are not supported are refused by name",
        arguments: ["wifis", "tunnels", "openvswitch", "vrfs", "modems"])
    func refused(kind: String) throws {
        let configuration = try Self.read("version: 2\n\(kind): {a0: {dhcp4: true}}\n")
        #expect(configuration.files.isEmpty)
        #expect(configuration.remarks.map(\.reason) == ["'\(kind)' is not supported, and is left out"])
    }

    @Test(
        "a name that could be another file, or another interface, is refused",
        arguments: ["'../x'", "'a b'", "'.x'", "\"a\\nb\""])
    func names(name: String) throws {
        let configuration = try Self.read("version: 2\nethernets:\n  \(name): {dhcp4: true}\n")
        #expect(configuration.files.isEmpty && configuration.remarks.count == 1)
    }

    static let floods = [
        "{\"links\": [" + (0..<5_000).map { "{\"id\": \"b\($0)\", \"type\": \"bond\"}" }.joined(separator: ",") + "]}",
        "{\"version\": 1, \"config\": ["
            + (0..<5_000).map { "{\"type\": \"route\", \"gateway\": \"192.0.2.\($0 % 256)\"}" }
            .joined(separator: ",") + "]}",
        "{\"version\": 1, \"config\": [{\"type\": \"physical\", \"name\": \"eth0\"}, {\"type\": \"nameserver\", \"address\": \""
            + String(repeating: "192.0.2.1 ", count: 20_000) + "\"}]}",
        "{\"version\": 2, \"bridges\": {\"br0\": {\"interfaces\": ["
            + (0..<3_000).map { "\"e\($0)\"" }.joined(separator: ",")
            + "], \"parameters\": {\"path-cost\": {" + (0..<3_000).map { "\"e\($0)\": 1" }.joined(separator: ",")
            + "}}}}}",
    ]

    @Test("a flood of values is cut and told, and costs little", .timeLimit(.minutes(10)), arguments: floods)
    func flood(text: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let configuration = try NetworkConfiguration(DocumentNode(try JSONValue(parsing: Array(text.utf8))))
        #expect(configuration.remarks.contains { $0.reason.contains("longer than 256") })
        #expect(configuration.files.count <= 2 * NetworkReader.linkLimit)
        #expect(clock.now - start < .seconds(20))
    }

    @Test("documents of any shape are read to an end, and no line of a file is one that was not meant")
    func drawn() throws {
        var generator = SeededGenerator(seed: 49)
        let words = NetworkSamples.all.flatMap {
            $0.text.split(whereSeparator: { " \n:,[]{}".contains($0) }).map(String.init)
        }
        for _ in 0..<400 {
            let node = Self.node(depth: 0, words, &generator)
            guard let configuration = try? NetworkConfiguration(node) else { continue }
            #expect(configuration.remarks.count <= NetworkReader.remarkLimit + 1)
            for line in configuration.files.flatMap({ $0.text.split(separator: "\n") }) {
                #expect(line.hasPrefix("[") || line.contains("="))
            }
        }
    }

    private static func node(depth: Int, _ words: [String], _ generator: inout SeededGenerator) -> DocumentNode {
        let mark = DocumentMark(line: 1, column: 1)
        let count = Int.random(in: 0..<5, using: &generator)
        switch depth == 0 ? 2 : depth > 5 ? 0 : Int.random(in: 0..<4, using: &generator) {
        case 1:
            return DocumentNode(.sequence((0..<count).map { _ in node(depth: depth + 1, words, &generator) }), at: mark)
        case 2, 3:
            var pairs: [DocumentPair] = []
            if depth == 0 {
                pairs.append(
                    DocumentPair(key: "version", mark: mark, value: DocumentNode(.scalar("2", quoted: false), at: mark))
                )
            }
            for _ in 0..<count {
                let top = ["ethernets", "bonds", "bridges", "vlans"]
                let key = (depth == 0 ? top : words).randomElement(using: &generator) ?? ""
                guard !pairs.contains(where: { $0.key == key }) else { continue }
                pairs.append(DocumentPair(key: key, mark: mark, value: node(depth: depth + 1, words, &generator)))
            }
            return DocumentNode(.mapping(pairs), at: mark)
        default: return DocumentNode(.scalar(words.randomElement(using: &generator) ?? "", quoted: false), at: mark)
        }
    }
}
