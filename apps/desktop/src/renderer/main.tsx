import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app/App.tsx';
import { CrashNet } from './app/ErrorScreen.tsx';
import { startI18n } from './i18n/i18n.ts';
import { startPlatform } from './platform/platform.ts';
import { currentLanguage, followPreferences } from './stores/preferences.ts';

// zod's compiled parsers need eval, which the page's CSP forbids; merely trying would be reported as a violation.
z.config({ jitless: true });

const root = document.getElementById('root');
if (!root) throw new Error('index.html lacks #root');

await Promise.all([startI18n(currentLanguage()), startPlatform()]);
followPreferences();
createRoot(root).render(
  <StrictMode>
    <CrashNet>
      <App />
    </CrashNet>
  </StrictMode>,
);
