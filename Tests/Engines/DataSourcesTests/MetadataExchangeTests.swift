import Faults
import HTTPTransfer
import InstanceData
import LinuxSystem
import Testing

@testable import DataSources

@Suite("Conversations with servers of metadata") struct MetadataExchangeTests {
    private static let here = "http://192.0.2.1", there = "http://192.0.2.2"

    /// Asks a provider's service at one or two addresses.
    private func ask(
        _ name: String, _ client: FakeClient, at addresses: [String] = [here]
    ) throws(DataSourceError) -> SourceAnswers {
        guard let provider = Provider.named(name), case .http(var service) = provider.transport else {
            throw .absent(name, "no such provider")
        }
        service.addresses = addresses
        return try MetadataExchange(service: service, client: client, deadline: .after(.seconds(20))).answers()
    }

    private static func ec2(_ token: FakeClient.Reply, _ texts: [String: String]) -> [String: FakeClient.Reply] {
        var replies = ["PUT \(here)/latest/api/token": token]
        for (path, text) in texts {
            replies["\(here)/latest/\(path)"] = .secret(header: "X-aws-ec2-metadata-token", value: "T", text: text)
        }
        return replies
    }

    @Test("EC2 is asked for a token first, which all other requests have, and for each key that its list names")
    func tokens() throws {
        let client = FakeClient(
            Self.ec2(
                .text("T"),
                [
                    "meta-data/instance-id": "i-1", "meta-data/local-hostname": "web.internal",
                    "meta-data/public-keys/": "0=one\n1=two", "meta-data/public-keys/0/openssh-key": "ssh-rsa A a\n",
                    "meta-data/public-keys/1/openssh-key": "ssh-rsa B b\n", "user-data": "#cloud-config\n",
                ]))
        let answers = try ask("ec2", client)
        #expect(client.log.first == "PUT http://192.0.2.1/latest/api/token")
        #expect(client.requests.allSatisfy { $0.isMetadata })
        #expect(
            client.requests.first?.headers.map { "\($0.name): \($0.value)" } == [
                "X-aws-ec2-metadata-token-ttl-seconds: 21600"
            ])
        #expect(answers.texts.map(\.kind) == [.instanceID, .hostname, .userData, .keys, .keys])
        #expect(answers[.instanceID] == Array("i-1".utf8))
        #expect(answers.place == Self.here)
        #expect(answers.remarks.isEmpty)
    }

    @Test("a server without tokens is asked without them", arguments: [404, 405, 501])
    func noTokens(status: Int) throws {
        let client = FakeClient([
            "PUT \(Self.here)/latest/api/token": .status(status),
            "\(Self.here)/latest/meta-data/instance-id": .text("i-1"),
        ])
        let answers = try ask("ec2", client)
        #expect(answers.texts.map(\.kind) == [.instanceID])
        #expect(client.requests.last?.headers.isEmpty == true)
    }

    @Test("a server that refuses tokens, or gives a bad one, is not asked further")
    func refusedToken() throws {
        for token in [FakeClient.Reply.status(403), .text("a b"), .text(""), .status(500)] {
            let client = FakeClient(Self.ec2(token, ["meta-data/instance-id": "i-1"]))
            #expect(throws: DataSourceError.self) { try ask("ec2", client) }
            #expect(client.log.count == 1)
        }
    }

    @Test("the next address is asked when nobody answers at one, and only then")
    func addresses() throws {
        let texts = ["\(Self.there)/latest/meta-data/instance-id": FakeClient.Reply.text("i-2")]
        let silent = FakeClient(
            texts.merging(["PUT \(Self.here)/latest/api/token": .failure(.unreachable)]) { one, _ in one })
        #expect(try ask("ec2", silent, at: [Self.here, Self.there]).place == Self.there)
        let wrong = FakeClient(texts.merging(["PUT \(Self.here)/latest/api/token": .status(403)]) { one, _ in one })
        let error = #expect(throws: DataSourceError.self) { try ask("ec2", wrong, at: [Self.here, Self.there]) }
        #expect(error?.kind == .wrong)
        #expect(error?.subject == Self.here)
    }

    @Test("what a provider cannot be without must be there; the rest may be missing or refused")
    func required() throws {
        let document = "\(Self.here)/openstack/latest/meta_data.json"
        let user = "\(Self.here)/openstack/latest/user_data"
        let answers = try ask("openstack", FakeClient([document: .text("{}"), user: .status(403)]))
        #expect(answers.texts.map(\.kind) == [.metadata])
        #expect(answers.texts.first?.isRequired == true)
        #expect(
            answers.remarks == ["userData could not be had: /openstack/latest/user_data is answered with status 403"])
        for reply in [FakeClient.Reply.status(404), .status(500), .failure(.tooLarge)] {
            let error = #expect(throws: DataSourceError.self) {
                try ask("openstack", FakeClient([document: reply, user: .text("x")]))
            }
            #expect(error?.kind == .wrong)
        }
    }

    @Test("headers and the low port of a provider go along with its requests")
    func headers() throws {
        let google = FakeClient(["\(Self.here)/computeMetadata/v1/?recursive=true&alt=json": .text("{}")])
        _ = try ask("gce", google)
        #expect(google.requests.first?.headers.map { "\($0.name): \($0.value)" } == ["Metadata-Flavor: Google"])
        #expect(google.requests.first?.needsLowPort == false)
        let scaleway = FakeClient(["\(Self.here)/conf?format=json": .text("{}")])
        _ = try ask("scaleway", scaleway)
        #expect(scaleway.requests.first?.needsLowPort == true)
    }
}
