import DocumentTree
import ImageModel
import JSONText
import Testing
import YAMLDocuments

@testable import InstanceData

@Suite("Metadata of the providers")
struct MetadataFormTests {
    static func read(_ text: String, _ provider: String) throws -> InstanceMetadata {
        let node: DocumentNode
        if text.hasPrefix("{") {
            node = DocumentNode(try JSONValue(parsing: Array(text.utf8)))
        } else {
            node = try #require(try YAMLDocument.parse(Array(text.utf8)))
        }
        return try #require(Provider.named(provider)).form.read(node)
    }

    static let documents: [(provider: String, text: String, id: String, host: String, keys: [String])] = [
        (
            "nocloud", "instance-id: i-1\nlocal-hostname: h\npublic-keys:\n  - ssh-a K1\n  - ssh-a K2\n", "i-1", "h",
            ["ssh-a K1", "ssh-a K2"]
        ),
        (
            "cidata", "instance-id: 12:30\nhostname: h\npublic-keys: |\n  ssh-a K1\n\n  ssh-a K2\n", "12:30", "h",
            ["ssh-a K1", "ssh-a K2"]
        ),
        (
            "vmware", "instance-id: i\nlocal-hostname: h\npublic-keys:\n  mine: ssh-a K1\n  more: [ssh-a K2, '']\n",
            "i", "h", ["ssh-a K1", "ssh-a K2"]
        ),
        (
            "openstack", #"{"uuid": "u", "hostname": "h.x", "name": "n", "public_keys": {"k": "ssh-a K1\n"}}"#, "u",
            "h.x", ["ssh-a K1"]
        ),
        ("config-drive", #"{"uuid": "u", "name": "n", "public_keys": null}"#, "u", "n", []),
        ("digitalocean", #"{"droplet_id": 27, "hostname": "h", "public_keys": ["ssh-a K1"]}"#, "27", "h", ["ssh-a K1"]),
        ("hetzner", "instance-id: 7\nhostname: h\npublic-keys:\n- ssh-a K1\n", "7", "h", ["ssh-a K1"]),
        (
            "vultr",
            #"{"instanceid": "1", "instance-v2-id": "v2", "hostname": "h", "public-keys": "ssh-a K1\nssh-a K2"}"#, "v2",
            "h", ["ssh-a K1", "ssh-a K2"]
        ),
        ("packet", #"{"id": "p", "hostname": "h", "ssh_keys": ["ssh-a K1", "ssh-a K1"]}"#, "p", "h", ["ssh-a K1"]),
        (
            "scaleway", #"{"id": "s", "hostname": "h", "ssh_public_keys": [{"key": "ssh-a K1", "fingerprint": "f"}]}"#,
            "s", "h", ["ssh-a K1"]
        ),
        (
            "azure", #"{"compute": {"vmId": "v", "name": "n", "publicKeys": [{"keyData": "ssh-a K1", "path": "/p"}]}}"#,
            "v", "n", ["ssh-a K1"]
        ),
        (
            "gcp",
            #"{"instance": {"id": 5, "hostname": "h", "attributes": {"ssh-keys": "u:ssh-a K1\nv:ssh-a K2"}}, "project": {"attributes": {"sshKeys": "w:ssh-a K3"}}}"#,
            "5", "h", ["ssh-a K1", "ssh-a K2", "ssh-a K3"]
        ),
    ]

    @Test("each document gives id, host name and keys", arguments: documents)
    func document(provider: String, text: String, id: String, host: String, keys: [String]) throws {
        let metadata = try Self.read(text, provider)
        #expect(metadata.instanceID == id)
        #expect(metadata.hostname == host)
        #expect(metadata.publicKeys == keys)
        #expect(metadata.remarks.isEmpty)
    }

    @Test("user data inside a document is taken out, decoded where it is base64")
    func userData() throws {
        let text = Base64.encode(Array("#!x".utf8))
        #expect(try Self.read(#"{"compute": {"userData": "\#(text)"}}"#, "azure").userData == Array("#!x".utf8))
        #expect(try Self.read(##"{"user_data": "#!x"}"##, "digitalocean").userData == Array("#!x".utf8))
        let google = #"{"instance": {"attributes": {"user-data": "\#(text)", "user-data-encoding": "base64"}}}"#
        #expect(try Self.read(google, "gce").userData == Array("#!x".utf8))
        #expect(throws: DocumentError.self) { try Self.read(##"{"compute": {"userData": "#"}}"##, "azure") }
    }

    @Test("keys of a project are not taken when the instance blocks them")
    func blocked() throws {
        let text =
            #"{"instance": {"attributes": {"block-project-ssh-keys": "TRUE", "ssh-keys": "u:ssh-a K1"}}, "project": {"attributes": {"ssh-keys": "w:ssh-a K3"}}}"#
        #expect(try Self.read(text, "gce").publicKeys == ["ssh-a K1"])
    }

    @Test("a key that expires, or names no user, is left out with a remark")
    func expiring() throws {
        let text = #"{"instance": {"attributes": {"ssh-keys": "u:ssh-a K1 google-ssh {}\nssh-a K2\nv:ssh-a K3"}}}"#
        let metadata = try Self.read(text, "gce")
        #expect(metadata.publicKeys == ["ssh-a K3"])
        #expect(metadata.remarks.count == 2)
    }

    @Test("the old form of a network is named")
    func ignored() throws {
        let metadata = try Self.read("instance-id: i\nnetwork-interfaces: |\n  auto eth0\n", "nocloud")
        #expect(metadata.remarks.count == 1)
        #expect(metadata.remarks.first?.hasPrefix("network-interfaces: ") == true)
    }

    @Test("the network that a config drive names is kept")
    func network() throws {
        let text = #"{"uuid": "u", "network_config": {"name": "network_config", "content_path": "/content/0000"}}"#
        #expect(try Self.read(text, "config-drive").networkReference == "/content/0000")
    }

    @Test("no key line holds what could begin another line")
    func controlCharacters() throws {
        #expect(
            try Self.read(##"{"ssh_keys": ["ssh-a K1\u0000b", "# x", "ssh-a K2"]}"##, "equinix").publicKeys == [
                "ssh-a K2"
            ])
    }

    @Test("there are at most 256 keys")
    func manyKeys() throws {
        let keys = (0..<300).map { "\"ssh-a K\($0)\"" }.joined(separator: ",")
        #expect(try Self.read("{\"ssh_keys\": [\(keys)]}", "equinix").publicKeys.count == 256)
    }

    static let longName = "hostname: " + String(repeating: "a", count: 254)

    @Test(
        "a name that is too long or has spaces, or a document that is no mapping, is an error",
        arguments: ["hostname: a b", "- a", longName])
    func wrong(text: String) { #expect(throws: DocumentError.self) { try Self.read(text, "nocloud") } }

    @Test("single answers make up what a document would")
    func answers() throws {
        var metadata = InstanceMetadata()
        metadata.take(Array("i-1\n".utf8), as: .instanceID)
        metadata.take(Array("h.internal".utf8), as: .hostname)
        metadata.take(Array("ssh-a K1\n".utf8), as: .keys)
        metadata.take(Array("a b".utf8), as: .metadata)
        #expect(
            metadata.instanceID == "i-1" && metadata.hostname == "h.internal" && metadata.publicKeys == ["ssh-a K1"])
        var other = InstanceMetadata()
        other.hostname = "no"
        other.publicKeys = ["ssh-a K1", "ssh-a K2"]
        #expect(metadata.completed(by: other).hostname == "h.internal")
        #expect(metadata.completed(by: other).publicKeys == ["ssh-a K1", "ssh-a K2"])
    }

    @Test("a list of keys is asked further by number, and nothing but numbers gets into a path")
    func keyList() {
        let list = MetadataRequest(kind: .keyList, path: "/k/")
        #expect(
            list.following(Array("0=mine\n1=other\n../x=y\n=z\n".utf8)).map(\.path) == [
                "/k/0/openssh-key", "/k/1/openssh-key",
            ])
        #expect(MetadataRequest(kind: .keys, path: "/k/").following(Array("0=mine".utf8)).isEmpty)
    }
}
