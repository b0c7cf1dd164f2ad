import JSONText
import TestServers

/// A cloud by what it answers; the address and the network are `EmulatedCloud`'s.
enum KnownCloud: String, CaseIterable {
    case ec2, openstack

    /// What QEMU says of the machine, as the cloud's own machines do.
    var firmware: String {
        switch self {
        case .ec2: "type=1,manufacturer=Amazon EC2,product=t3.micro,serial=ec2f0000-0000-4000-8000-000000000001"
        case .openstack: "type=1,manufacturer=OpenStack Foundation,product=OpenStack Nova"
        }
    }

    /// The hostname that a machine ends with: EC2's is that of the cloud, OpenStack's that of its user.
    var hostname: String { self == .ec2 ? "ip-10-0-0-1" : "from-user" }

    /// What a machine asks, and nothing else, in this order.
    var requests: [String] {
        switch self {
        case .ec2:
            [
                "PUT /latest/api/token", "GET /latest/meta-data/instance-id", "GET /latest/meta-data/local-hostname",
                "GET /latest/meta-data/public-keys/", "GET /latest/user-data",
                "GET /latest/meta-data/public-keys/0/openssh-key",
            ]
        case .openstack:
            ["meta_data.json", "user_data", "vendor_data.json", "network_data.json"].map {
                "GET /openstack/latest/\($0)"
            }
        }
    }

    func rules(userData: String, key: String) -> [ScriptedServer.Rule] {
        switch self {
        case .ec2: Self.ec2(userData, key)
        case .openstack: Self.openstack(userData, key)
        }
    }

    /// The second version of EC2's service: nothing without a word that is asked for first.
    private static func ec2(_ userData: String, _ key: String) -> [ScriptedServer.Rule] {
        let token = ScriptedServer.Rule("/latest/api/token") {
            $0.method = "PUT"
            $0.requires = ["x-aws-ec2-metadata-token-ttl-seconds": "21600"]
            $0.body = "AQAAAword=="
        }
        let texts = [
            "meta-data/instance-id": "i-0abc", "meta-data/local-hostname": "ip-10-0-0-1.ec2.internal",
            "meta-data/public-keys/": "0=launch", "meta-data/public-keys/0/openssh-key": key, "user-data": userData,
        ]
        let answers = texts.map { path, text in
            ScriptedServer.Rule("/latest/\(path)") {
                $0.method = "GET"
                $0.requires = ["x-aws-ec2-metadata-token": "AQAAAword=="]
                $0.body = text
            }
        }
        return [token] + answers + [ScriptedServer.Rule("*") { $0.status = 401 }]
    }

    /// Documents, one of which describes the network of the guest as it is.
    private static func openstack(_ userData: String, _ key: String) -> [ScriptedServer.Rule] {
        let metadata: JSONValue = [
            "uuid": "0f7a", "hostname": "vm.novalocal", "public_keys": .object(["launch": .string(key)]),
        ]
        let network = """
            {"links": [{"id": "tap0", "type": "phy", "ethernet_mac_address": "52:54:00:12:34:56"}], "services": [],
             "networks": [{"id": "n0", "type": "ipv4", "link": "tap0", "ip_address": "10.0.2.15",
               "netmask": "255.255.255.0",
               "routes": [{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "10.0.2.2"}]}]}
            """
        let texts = [
            "meta_data.json": String(decoding: metadata.serialized(), as: UTF8.self),
            "user_data": "\(userData)hostname: from-user\n", "network_data.json": network,
        ]
        return texts.map { path, text in ScriptedServer.Rule("/openstack/latest/\(path)") { $0.body = text } }
    }
}
