-- ---------------------------------------------------------------- default catalogue
--
-- Loaded once. From then on these rows belong to the operator: nothing overwrites an edit.

INSERT INTO product (product, position, launch_url) VALUES
  ('Accounts', 1, NULL),
  ('LiveChat', 2, 'https://livechat.example/'),
  ('HelpDesk', 3, 'https://helpdesk.example/'),
  ('ChatBot', 4, 'https://chatbot.example/'),
  ('KnowledgeBase', 5, 'https://knowledgebase.example/'),
  ('OpenWidget', 6, 'https://openwidget.example/'),
  ('TeamChat', 7, 'https://teamchat.example/');

INSERT INTO scope (scope, description, beta, private) VALUES
  ('accounts--my:ro', 'See your account', 0, 0),
  ('accounts--my:rw', 'See and change your account', 0, 0),
  ('accounts--all:ro', 'See all accounts of the organization', 0, 0),
  ('accounts--all:rc', 'See all accounts of the organization and add new ones', 0, 0),
  ('accounts--all:rw', 'See, add and change all accounts of the organization', 0, 0),
  ('accounts.roles--all:ro', 'See the roles of all accounts', 0, 0),
  ('accounts.roles--all:rw', 'See and change the roles of all accounts', 0, 0),
  ('accounts.roles.lc--all:rw', 'See and change LiveChat roles of all accounts', 0, 0),
  ('accounts.roles.hd--all:rw', 'See and change HelpDesk roles of all accounts', 0, 0),
  ('accounts.password--my:rw', 'Set your password', 0, 0),
  ('accounts.invitations--my:rw', 'Invite people', 0, 0),
  ('accounts.invitations--all:ro', 'See all invitations and requests for access', 0, 0),
  ('accounts.invitations--all:rw', 'See, approve and decline all invitations and requests for access', 0, 0),
  ('accounts.invitations.lc--all:rw', 'See, approve and decline invitations and requests for access to LiveChat', 0, 0),
  ('accounts.invitations.hd--all:rw', 'See, approve and decline invitations and requests for access to HelpDesk', 0, 0),
  ('sessions--my:ro', 'See where you are signed in', 0, 0),
  ('sessions--my:rw', 'See where you are signed in and sign you out', 0, 0),
  ('sessions--all:rw', 'End the sessions of all accounts of the organization', 0, 1),
  ('organization--my:rw', 'See and change the settings of the organization', 0, 0),
  ('subscription.lc:rw', 'Approve, suspend and reinstate LiveChat agents', 0, 1),
  ('billing--all:rw', 'See and change billing', 0, 0),
  ('billing_manage', 'Create and manage charges', 0, 0),
  ('billing_admin', 'Administer billing', 0, 0),
  ('ledger_read', 'See the ledger', 0, 0),
  ('agents--my:ro', 'See your agent profile', 0, 0),
  ('agents--my:rw', 'See and change your agent profile', 0, 0),
  ('agents--all:ro', 'See all agent profiles', 0, 0),
  ('agents--all:rw', 'See and change all agent profiles', 0, 0),
  ('agents-bot--my:ro', 'See the bots of this application', 0, 0),
  ('agents-bot--my:rw', 'See and change the bots of this application', 0, 0),
  ('agents-bot--all:ro', 'See all bots', 0, 0),
  ('agents-bot--all:rw', 'See and change all bots', 0, 0),
  ('bots.templates--my:ro', 'See the bot templates of this application', 1, 0),
  ('bots.templates--my:rw', 'See and change the bot templates of this application', 1, 0),
  ('bots.templates--all:ro', 'See all bot templates', 1, 0),
  ('bots.templates--all:rw', 'See and change all bot templates', 1, 0),
  ('access_rules:ro', 'See the rules that assign chats to groups', 0, 0),
  ('access_rules:rw', 'See and change the rules that assign chats to groups', 0, 0),
  ('canned_responses--groups:ro', 'See the canned responses of your groups', 0, 0),
  ('canned_responses--groups:rw', 'See and change the canned responses of your groups', 0, 0),
  ('canned_responses--all:ro', 'See all canned responses', 0, 0),
  ('canned_responses--all:rw', 'See and change all canned responses', 0, 0),
  ('groups--my:ro', 'See the groups you belong to', 0, 0),
  ('groups--my:rw', 'See and change the groups you belong to', 0, 0),
  ('groups--all:ro', 'See all groups', 0, 0),
  ('groups--all:rw', 'See and change all groups', 0, 0),
  ('greetings--groups:ro', 'See the greetings of your groups', 1, 0),
  ('greetings--groups:rw', 'See and change the greetings of your groups', 1, 0),
  ('greetings--all:ro', 'See all greetings', 1, 0),
  ('greetings--all:rw', 'See and change all greetings', 1, 0),
  ('chats--my:ro', 'See the chats you take part in', 0, 0),
  ('chats--my:rw', 'See and change the chats you take part in', 0, 0),
  ('chats--access:ro', 'See the chats you have access to', 0, 0),
  ('chats--access:rw', 'See and change the chats you have access to', 0, 0),
  ('chats--all:ro', 'See all chats', 0, 0),
  ('chats--all:rw', 'See and change all chats', 0, 0),
  ('chats.conversation--my:rw', 'Write in the chats you take part in', 0, 0),
  ('chats.conversation--access:rw', 'Write in the chats you have access to', 0, 0),
  ('chats.conversation--all:rw', 'Write in all chats', 0, 0),
  ('customers:ro', 'See customers', 0, 0),
  ('customers:rw', 'See, add and change customers', 0, 0),
  ('customers:own', 'Create and manage customer identities', 0, 0),
  ('customers.ban:rw', 'Ban customers', 0, 0),
  ('multicast:rw', 'Send data to many agents or customers at once', 0, 0),
  ('properties--my:ro', 'See the definitions of the properties of this application', 0, 0),
  ('properties--my:rw', 'See and change the definitions of the properties of this application', 0, 0),
  ('properties--all:ro', 'See all property definitions', 0, 0),
  ('properties.configuration:rw', 'See and change the definitions of all properties', 0, 0),
  ('properties.license.value--my:rw', 'See and change the values of the properties of this application for the organization', 0, 0),
  ('properties.license.value--all:rw', 'See and change all property values of the organization', 0, 0),
  ('properties.group.value--my:rw', 'See and change the values of the properties of this application for groups', 0, 0),
  ('properties.group.value--all:rw', 'See and change all property values of groups', 0, 0),
  ('tags--groups:ro', 'See the tags of your groups', 0, 0),
  ('tags--groups:rw', 'See and change the tags of your groups', 0, 0),
  ('tags--all:ro', 'See all tags', 0, 0),
  ('tags--all:rw', 'See and change all tags', 0, 0),
  ('webhooks--my:ro', 'See the webhooks of this application', 0, 0),
  ('webhooks--my:rw', 'See and change the webhooks of this application', 0, 0),
  ('webhooks--all:ro', 'See all webhooks', 0, 0),
  ('webhooks--all:rw', 'See and change all webhooks', 0, 0),
  ('webhooks.state:ro', 'See whether webhooks are on', 0, 0),
  ('webhooks.state:rw', 'Turn webhooks on and off', 0, 0),
  ('webhooks.configuration:rw', 'Add and change webhooks', 0, 0),
  ('reports_read', 'See reports', 0, 0);

INSERT INTO role (role_id, product, role, type, rank) VALUES
  ('728b99be-848c-11ea-9b91-005056a00001', 'Accounts', 'owner', 'primary', 30),
  ('728b99be-848c-11ea-9b91-005056a007e9', 'Accounts', 'administrator', 'primary', 20),
  ('728b99be-848c-11ea-9b91-005056a00002', 'Accounts', 'member', 'primary', 10),
  ('728b99be-848c-11ea-9b91-005056a00003', 'Accounts', 'billing_editor', 'custom', 10),
  ('728b99be-848c-11ea-9b91-005056a00101', 'LiveChat', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00102', 'LiveChat', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00201', 'HelpDesk', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00202', 'HelpDesk', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00203', 'HelpDesk', 'viewer', 'secondary', 5),
  ('728b99be-848c-11ea-9b91-005056a00301', 'ChatBot', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00302', 'ChatBot', 'editor', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00401', 'KnowledgeBase', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00402', 'KnowledgeBase', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00501', 'OpenWidget', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00502', 'OpenWidget', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00601', 'TeamChat', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00602', 'TeamChat', 'normal', 'secondary', 10);

-- The widest scopes of each role. What they include (rw over rc over ro, all over my) follows from the grammar.
INSERT INTO role_scope (role_id, scope) -- Accounts/owner
SELECT '728b99be-848c-11ea-9b91-005056a00001', scope FROM scope WHERE scope IN (
  'accounts--all:rw', 'accounts.roles--all:rw', 'accounts.roles.lc--all:rw', 'accounts.roles.hd--all:rw',
  'accounts.password--my:rw', 'accounts.invitations--all:rw', 'accounts.invitations.lc--all:rw',
  'accounts.invitations.hd--all:rw', 'sessions--my:rw', 'sessions--all:rw', 'organization--my:rw',
  'subscription.lc:rw', 'billing--all:rw', 'billing_manage', 'billing_admin', 'ledger_read');
INSERT INTO role_scope (role_id, scope) -- Accounts/administrator
SELECT '728b99be-848c-11ea-9b91-005056a007e9', scope FROM scope WHERE scope IN (
  'accounts--all:rw', 'accounts.roles--all:rw', 'accounts.roles.lc--all:rw', 'accounts.roles.hd--all:rw',
  'accounts.password--my:rw', 'accounts.invitations--all:rw', 'accounts.invitations.lc--all:rw',
  'accounts.invitations.hd--all:rw', 'sessions--my:rw', 'sessions--all:rw', 'organization--my:rw',
  'subscription.lc:rw');
INSERT INTO role_scope (role_id, scope) -- Accounts/member
SELECT '728b99be-848c-11ea-9b91-005056a00002', scope FROM scope WHERE scope IN (
  'accounts--my:rw', 'accounts--all:rc', 'accounts.roles--all:ro', 'accounts.password--my:rw',
  'accounts.invitations--my:rw', 'sessions--my:rw');
INSERT INTO role_scope (role_id, scope) -- Accounts/billing_editor
SELECT '728b99be-848c-11ea-9b91-005056a00003', scope FROM scope WHERE scope IN (
  'billing--all:rw', 'billing_manage', 'ledger_read');
INSERT INTO role_scope (role_id, scope) -- LiveChat/administrator
SELECT '728b99be-848c-11ea-9b91-005056a00101', scope FROM scope WHERE scope IN (
  'accounts.roles.lc--all:rw', 'accounts.invitations.lc--all:rw', 'agents--all:rw', 'agents-bot--all:rw',
  'bots.templates--all:rw', 'access_rules:rw', 'canned_responses--groups:rw', 'canned_responses--all:rw',
  'groups--all:rw', 'greetings--groups:rw', 'greetings--all:rw', 'chats--all:rw', 'chats.conversation--all:rw',
  'customers:rw', 'customers:own', 'customers.ban:rw', 'multicast:rw', 'properties--my:rw',
  'properties--all:ro', 'properties.configuration:rw', 'properties.license.value--all:rw',
  'properties.group.value--all:rw', 'tags--groups:rw', 'tags--all:rw', 'webhooks--all:rw', 'webhooks.state:rw',
  'webhooks.configuration:rw', 'reports_read');
INSERT INTO role_scope (role_id, scope) -- LiveChat/normal
SELECT '728b99be-848c-11ea-9b91-005056a00102', scope FROM scope WHERE scope IN (
  'agents--my:rw', 'agents--all:ro', 'agents-bot--all:ro', 'canned_responses--groups:rw',
  'canned_responses--all:ro', 'groups--all:ro', 'greetings--groups:ro', 'chats--access:rw',
  'chats.conversation--access:rw', 'customers:rw', 'customers.ban:rw', 'multicast:rw', 'tags--groups:rw',
  'tags--all:ro');
INSERT INTO role_scope (role_id, scope) -- HelpDesk/administrator
SELECT '728b99be-848c-11ea-9b91-005056a00201', scope FROM scope WHERE scope IN (
  'accounts.roles.hd--all:rw', 'accounts.invitations.hd--all:rw');

-- One public client per product. The .example addresses are placeholders that no browser can reach: set the
-- real ones in product.launch_url and client_redirect_uri.
INSERT INTO client (client_id, product, name, type, visibility, created_at, updated_at) VALUES
  ('cd6758ff5daa4354fd3410436a099167', 'Accounts', 'Accounts', 'javascript_app', 'public', 0, 0),
  ('1887ed48fa338511da234a28cd8b750a', 'LiveChat', 'LiveChat', 'javascript_app', 'public', 0, 0),
  ('23d14c0988ea939b85dc28d07c0963f4', 'HelpDesk', 'HelpDesk', 'javascript_app', 'public', 0, 0),
  ('d11167eed390683001013fa838bdaee6', 'ChatBot', 'ChatBot', 'javascript_app', 'public', 0, 0),
  ('c7da69b4006083e2e36e8b376e381308', 'KnowledgeBase', 'KnowledgeBase', 'javascript_app', 'public', 0, 0),
  ('156fb0b457a70eb7433def32e9dd5679', 'OpenWidget', 'OpenWidget', 'javascript_app', 'public', 0, 0),
  ('221625628f968f23bdce96aae6ac2e53', 'TeamChat', 'TeamChat', 'javascript_app', 'public', 0, 0);

INSERT INTO client_redirect_uri (client_id, position, redirect_uri)
SELECT client_id, 0, 'https://' || lower(product) || '.example/' FROM client WHERE product IS NOT NULL;

-- Not required: what only some roles give. A token gets it as far as the person has it.
INSERT INTO client_scope (client_id, scope, required)
SELECT c.client_id, s.scope, s.scope IN ('accounts--my:rw', 'sessions--my:rw') FROM client c JOIN scope s WHERE c.product IS NOT NULL AND s.scope IN (
  'accounts--my:rw', 'sessions--my:rw', 'accounts--all:rw', 'accounts.roles--all:rw',
  'accounts.password--my:rw', 'accounts.invitations--my:rw', 'accounts.invitations--all:rw',
  'organization--my:rw');
INSERT INTO client_scope (client_id, scope, required)
SELECT c.client_id, s.scope, 0 FROM client c JOIN scope s WHERE c.product = 'LiveChat' AND s.scope IN (
  'accounts.roles.lc--all:rw', 'accounts.invitations.lc--all:rw', 'sessions--all:rw', 'subscription.lc:rw');
INSERT INTO client_scope (client_id, scope, required)
SELECT c.client_id, s.scope, 0 FROM client c JOIN scope s WHERE c.product = 'HelpDesk' AND s.scope IN (
  'accounts.roles.hd--all:rw', 'accounts.invitations.hd--all:rw');

UPDATE schema_meta SET version = 2;
