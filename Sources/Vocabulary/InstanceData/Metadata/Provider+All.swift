// The providers, in the order in which their answers count: local ones first. The aliases are names that yip knows.

extension Provider {
    /// All providers, in the fixed order of their weight.
    package static let all: [Provider] = local + network

    private static let nocloudForm = MetadataForm(
        instanceID: [["instance-id"]], hostname: [["local-hostname"], ["hostname"]],
        keys: [["public-keys"], ["public_keys"]],
        ignored: [(["network-interfaces"], "this old form is not read; write a network-config")])

    private static let openstackForm = MetadataForm(
        instanceID: [["uuid"]], hostname: [["hostname"], ["name"]], keys: [["public_keys"]],
        network: ["network_config", "content_path"])

    private static let local: [Provider] = [
        Provider(
            "nocloud", aliases: ["cdrom", "cidata"],
            .volume(
                labels: ["cidata", "CIDATA"], types: ["iso9660", "vfat"],
                files: [
                    (.metadata, ["meta-data"]), (.userData, ["user-data", "config"]), (.vendorData, ["vendor-data"]),
                    (.network, ["network-config"]),
                ]), nocloudForm),
        Provider(
            "config-drive", aliases: ["configdrive"],
            .volume(
                labels: ["config-2", "CONFIG-2"], types: ["iso9660", "vfat"],
                files: [
                    (.metadata, ["openstack/latest/meta_data.json"]), (.userData, ["openstack/latest/user_data"]),
                    (.vendorData, ["openstack/latest/vendor_data.json"]),
                    (.network, ["openstack/latest/network_data.json"]),
                ]), openstackForm),
        Provider("smbios", .serialNumber(prefix: "ds=nocloud"), nocloudForm, marks: [.serial("ds=nocloud*")]),
        Provider(
            "fw-cfg", aliases: ["fw_cfg"],
            .firmware([(.metadata, "opt/io.lifeboot/meta-data"), (.userData, "opt/io.lifeboot/user-data")]), nocloudForm
        ),
        Provider(
            "vmware", aliases: ["guestinfo"],
            .guestInfo([
                (.metadata, "guestinfo.metadata"), (.userData, "guestinfo.userdata"),
                (.vendorData, "guestinfo.vendordata"),
            ]), nocloudForm, marks: [.vendor("VMware*")]),
    ]

    private static let linkLocal = "http://169.254.169.254"

    private static func plain(
        _ document: String, user: String?, headers: [(name: String, value: String)] = [], at address: String = linkLocal
    ) -> MetadataTransport {
        var requests = [MetadataRequest(kind: .metadata, path: document, isRequired: true)]
        if let user { requests.append(MetadataRequest(kind: .userData, path: user)) }
        return .http(MetadataService(addresses: [address], headers: headers, requests: requests))
    }

    private static let network: [Provider] = [
        Provider("ec2", aliases: ["aws"], .http(ec2), MetadataForm(), marks: ec2Marks),
        Provider(
            "digitalocean", plain("/metadata/v1.json", user: nil),
            MetadataForm(
                instanceID: [["droplet_id"]], hostname: [["hostname"]], keys: [["public_keys"]], userData: ["user_data"]
            ),
            marks: [.vendor("DigitalOcean")]),
        Provider("gce", aliases: ["gcp", "google"], google, googleForm, marks: googleMarks),
        Provider(
            "openstack",
            .http(
                MetadataService(
                    addresses: [linkLocal],
                    requests: [
                        MetadataRequest(kind: .metadata, path: "/openstack/latest/meta_data.json", isRequired: true),
                        MetadataRequest(kind: .userData, path: "/openstack/latest/user_data"),
                        MetadataRequest(kind: .vendorData, path: "/openstack/latest/vendor_data.json"),
                        MetadataRequest(kind: .network, path: "/openstack/latest/network_data.json"),
                    ])), openstackForm, marks: openstackMarks),
        Provider(
            "azure", plain("/metadata/instance?api-version=2021-08-01", user: nil, headers: [("Metadata", "true")]),
            MetadataForm(
                instanceID: [["compute", "vmId"]],
                hostname: [["compute", "osProfile", "computerName"], ["compute", "name"]],
                keys: [["compute", "publicKeys"]], userData: ["compute", "userData"], userDataIsBase64: true),
            // The tag that ds-identify knows: Azure's name, in numbers.
            marks: [.assetTag("7783-7084-3265-9085-8269-3286-77")]),
        Provider(
            "hetzner", plain("/hetzner/v1/metadata", user: "/hetzner/v1/userdata"),
            MetadataForm(instanceID: [["instance-id"]], hostname: [["hostname"]], keys: [["public-keys"]]),
            marks: [.vendor("Hetzner")]),
        Provider(
            "vultr", plain("/v1.json", user: nil, headers: [("Metadata-Token", "cloudinit")]),
            MetadataForm(
                instanceID: [["instance-v2-id"], ["instanceid"]], hostname: [["hostname"]], keys: [["public-keys"]],
                userData: ["user-data"]),
            marks: [.vendor("Vultr"), .word("vultr")]),
        Provider(
            "equinix", aliases: ["packet"],
            plain("/metadata", user: "/userdata", at: "https://metadata.platformequinix.com"),
            MetadataForm(instanceID: [["id"]], hostname: [["hostname"]], keys: [["ssh_keys"]])),
        Provider("scaleway", .http(scaleway), scalewayForm, marks: [.vendor("Scaleway"), .word("scaleway")]),
        Provider("metaldata", .none(reason: "it is accepted, and not asked"), MetadataForm()),
    ]

    private static let ec2 = MetadataService(
        addresses: [linkLocal, "http://[fd00:ec2::254]"],
        token: TokenRequest(
            method: "PUT", path: "/latest/api/token", headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")],
            tokenHeader: "X-aws-ec2-metadata-token", absent: [404, 405, 501]),
        requests: [
            MetadataRequest(kind: .instanceID, path: "/latest/meta-data/instance-id", isRequired: true),
            MetadataRequest(kind: .hostname, path: "/latest/meta-data/local-hostname"),
            MetadataRequest(kind: .keyList, path: "/latest/meta-data/public-keys/"),
            MetadataRequest(kind: .userData, path: "/latest/user-data"),
        ])

    private static let google = plain(
        "/computeMetadata/v1/?recursive=true&alt=json", user: nil, headers: [("Metadata-Flavor", "Google")],
        at: "http://metadata.google.internal")

    private static let googleForm = MetadataForm(
        instanceID: [["instance", "id"]], hostname: [["instance", "hostname"]],
        keys: [
            ["instance", "attributes", "ssh-keys"], ["instance", "attributes", "sshKeys"],
            ["project", "attributes", "ssh-keys"], ["project", "attributes", "sshKeys"],
        ], userData: ["instance", "attributes", "user-data"], keysNameUsers: true)

    private static let scaleway = MetadataService(
        addresses: ["http://169.254.42.42"],
        requests: [
            MetadataRequest(kind: .metadata, path: "/conf?format=json", isRequired: true),
            MetadataRequest(kind: .userData, path: "/user_data/cloud-init"),
        ], needsLowPort: true)

    private static let scalewayForm = MetadataForm(
        instanceID: [["id"]], hostname: [["hostname"]], keys: [["ssh_public_keys"]])
}
