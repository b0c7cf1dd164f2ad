import InstanceData
import Testing

@testable import DataSources

@Suite("Facts about whose machine it is") struct MachineFactsTests {
    @Test("reads each field from its file, without white space around it")
    func reads() throws {
        let fixture = try Fixture([
            "sys/class/dmi/id/sys_vendor": "Amazon EC2\n", "sys/class/dmi/id/product_name": "  m5.large \n",
            "sys/class/dmi/id/product_serial": "ec2-serial\n", "sys/class/dmi/id/product_uuid": "ec2-uuid\n",
            "sys/class/dmi/id/chassis_asset_tag": "tag\n", "sys/hypervisor/uuid": "ec2xen\n",
            "proc/cmdline": "quiet vultr root=/dev/vda1\n",
        ])
        let facts = MachineFacts(root: fixture.root)
        var wanted = MachineIdentity()
        wanted.vendor = "Amazon EC2"
        wanted.product = "m5.large"
        wanted.serial = "ec2-serial"
        wanted.uuid = "ec2-uuid"
        wanted.assetTag = "tag"
        wanted.hypervisorUUID = "ec2xen"
        wanted.words = ["quiet", "vultr", "root=/dev/vda1"]
        #expect(facts.identity == wanted)
        #expect(facts.remarks.isEmpty)
    }

    @Test("a machine without SMBIOS is nobody's, without a remark")
    func nothing() throws {
        let fixture = try Fixture()
        let facts = MachineFacts(root: fixture.root)
        #expect(facts.identity == MachineIdentity())
        #expect(facts.remarks.isEmpty)
    }

    @Test("a field that cannot be read is told, since that does not mean that it is not there")
    func unreadable() throws {
        let fixture = try Fixture(["sys/class/dmi/id/product_serial/x": ""])
        let facts = MachineFacts(root: fixture.root)
        #expect(facts.remarks.count == 1)
        #expect(facts.remarks.first?.hasPrefix("/sys/class/dmi/id/product_serial cannot be read") == true)
    }
}
